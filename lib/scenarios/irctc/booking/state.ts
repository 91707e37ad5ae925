/** All that the booking machine knows, as plain data: its departures, tickets, keys, payments. */
import { emptyBerthMap } from "./berth-map";
import type { BerthMap } from "./berth-map";
import type { BookingAnswer, Passenger, Standing } from "./commands";
import { layoutOf } from "./layout";
import type { Layout } from "./layout";
import type { BookingQuota, TrainPlan } from "./train-plan";

/** Places of berths (see layout.ts), numbers of RAC seats, or a place in a list. */
export type Place =
  | { readonly kind: "berths"; readonly places: readonly number[] }
  | { readonly kind: "rac"; readonly places: readonly number[] }
  | { readonly kind: "waiting" }
  | { readonly kind: "none"; readonly because: "released" | "cancelled" | "dropped" };

export interface Ticket {
  readonly pnr: string;
  readonly key: string;
  readonly departure: string;
  /** Order of booking on this departure, from 1. */
  readonly sequence: number;
  readonly from: number;
  readonly to: number;
  readonly quota: BookingQuota;
  readonly passengers: readonly Passenger[];
  readonly farePaise: number;
  /** When an unpaid ticket is let go, by the proposed time. */
  readonly heldUntilMs: number;
  place: Place;
  isPaid: boolean;
  /** 0 while nothing is owed to the passenger. */
  refundPaise: number;
  /** The gateway has said that the refund was made. */
  isRefunded: boolean;
}

export interface Departure {
  readonly name: string;
  readonly plan: TrainPlan;
  /** Follows from the plan. */
  readonly layout: Layout;
  readonly berths: BerthMap;
  /** Two a berth that is set aside for RAC. */
  readonly seats: BerthMap;
  /** By quota: PNRs in the order of booking. */
  readonly rac: Record<BookingQuota, string[]>;
  readonly waiting: Record<BookingQuota, string[]>;
  isCharted: boolean;
  sequence: number;
}

/** What the gateway is to be told until it has answered. */
export interface PaymentOrder {
  readonly id: number;
  readonly kind: "charge" | "refund";
  readonly pnr: string;
  readonly paise: number;
}

/** What a key was answered: the ticket as it stood then, or a refusal of a request. */
export type Answered =
  | { readonly pnr: string; readonly standing: Standing }
  | { readonly request: string; readonly answer: BookingAnswer };

export interface BookingState {
  /** The latest proposed time. */
  clockMs: number;
  readonly departures: Map<string, Departure>;
  readonly tickets: Map<string, Ticket>;
  /** By idempotency key. */
  readonly answers: Map<string, Answered>;
  /** Unpaid tickets by PNR, with their ends. */
  readonly holds: Map<string, number>;
  /** No hold ends before. */
  nextEndMs: number;
  readonly orders: Map<number, PaymentOrder>;
  /** Of the order that awaits an answer, by PNR. */
  readonly orderOf: Map<string, number>;
  /** The first two digits of each PNR. */
  shard: number;
  nextPnr: number;
  nextOrder: number;
}

export function emptyBooking(): BookingState {
  return {
    clockMs: 0,
    departures: new Map(),
    tickets: new Map(),
    answers: new Map(),
    holds: new Map(),
    nextEndMs: Infinity,
    orders: new Map(),
    orderOf: new Map(),
    shard: 0,
    nextPnr: 1,
    nextOrder: 1,
  };
}

export function newDeparture(name: string, plan: TrainPlan): Departure {
  const layout = layoutOf(plan);
  const stretches = plan.stations.length - 1;
  return {
    ...{ name, plan, layout },
    berths: emptyBerthMap(layout.places, stretches),
    seats: emptyBerthMap(layout.seatLabels.length, stretches),
    rac: { general: [], tatkal: [], ladies: [], senior: [], defence: [] },
    waiting: { general: [], tatkal: [], ladies: [], senior: [], defence: [] },
    isCharted: false,
    sequence: 0,
  };
}

type DepartureJson = Omit<Departure, "layout" | "berths" | "seats"> & {
  readonly berths: readonly number[];
  readonly seats: readonly number[];
};

export function bookingToJson(state: BookingState): unknown {
  const departures = [...state.departures.values()].map(({ layout: _, ...departure }) => ({
    ...departure,
    berths: [...departure.berths.taken],
    seats: [...departure.seats.taken],
  }));
  const { clockMs, shard, nextPnr, nextOrder, nextEndMs } = state;
  return {
    ...{ clockMs, shard, nextPnr, nextOrder, nextEndMs, departures },
    tickets: [...state.tickets.values()],
    answers: [...state.answers],
    holds: [...state.holds],
    orders: [...state.orders.values()],
  };
}

export function bookingFromJson(json: unknown): BookingState {
  const saved = json as Omit<
    BookingState,
    "departures" | "tickets" | "answers" | "orders" | "holds"
  > & {
    readonly holds: [string, number][];
    readonly departures: readonly DepartureJson[];
    readonly tickets: readonly Ticket[];
    readonly answers: [string, Answered][];
    readonly orders: readonly PaymentOrder[];
  };
  return {
    ...saved,
    departures: new Map(saved.departures.map((each) => [each.name, departureFromJson(each)])),
    tickets: new Map(saved.tickets.map((ticket) => [ticket.pnr, ticket])),
    answers: new Map(saved.answers),
    holds: new Map(saved.holds),
    nextEndMs: saved.nextEndMs ?? Infinity, // which JSON does not know
    orders: new Map(saved.orders.map((order) => [order.id, order])),
    orderOf: new Map(saved.orders.map(({ pnr, id }) => [pnr, id])),
  };
}

function departureFromJson(saved: DepartureJson): Departure {
  const { layout, berths, seats } = newDeparture(saved.name, saved.plan);
  berths.taken.set(saved.berths);
  seats.taken.set(saved.seats);
  return { ...saved, layout, berths, seats };
}
