/**
 * One train as a single clerk would sell it, for the check of linearizability: which berths are
 * free on which stretches, and nothing of how the machine chooses among them.
 */
import { illegal } from "../../../../checks";
import type { Model, ModelCall } from "../../../../checks";
import type { BookingCommand, TicketView } from "../commands";
import { layoutOf } from "../layout";
import type { BookingQuota, TrainPlan } from "../train-plan";

/** Sold journeys by PNR. */
type Sold = Readonly<Record<string, Sale>>;
interface Sale {
  readonly berths: readonly string[];
  readonly from: number;
  readonly to: number;
}

/** A book answers with berths that are free, or is refused because too few are; cancels free. */
export function seatModel(plans: Readonly<Record<string, TrainPlan>>): Model<Sold> {
  const berthsOf = new Map<string, ReadonlyMap<BookingQuota, readonly string[]>>();
  for (const [departure, plan] of Object.entries(plans)) berthsOf.set(departure, quotasOf(plan));
  return {
    name: "seats",
    operations: ["book", "cancel"],
    initial: () => ({}),
    partition: ({ key }) => `${key}`,
    step(sold, call) {
      if (call.f === "cancel") return without(sold, call.input as string);
      const berths = berthsOf.get(`${call.key}`) as ReadonlyMap<BookingQuota, readonly string[]>;
      return booked(sold, call, berths);
    },
  };
}

function quotasOf(plan: TrainPlan): ReadonlyMap<BookingQuota, readonly string[]> {
  const { ofQuota, labels } = layoutOf(plan);
  return new Map(
    Object.entries(ofQuota).map(([quota, set]) => [
      quota as BookingQuota,
      labels.filter((_, place) => ((set[place >> 5] as number) & (1 << (place & 31))) !== 0),
    ]),
  );
}

function without(sold: Sold, pnr: string): Sold {
  return Object.fromEntries(Object.entries(sold).filter(([other]) => other !== pnr));
}

function booked(
  sold: Sold,
  { input, output, isKnown }: ModelCall,
  berths: ReadonlyMap<BookingQuota, readonly string[]>,
): Sold | typeof illegal {
  if (!isKnown) return sold;
  const { quota, from, to, passengers } = input as Extract<BookingCommand, { op: "book" }>;
  const isFree = (berth: string): boolean =>
    Object.values(sold).every(
      (sale) => to <= sale.from || sale.to <= from || !sale.berths.includes(berth),
    );
  const free = (berths.get(quota) ?? []).filter(isFree);
  const ticket = output as TicketView;
  if (ticket.kind !== "ticket") return free.length < passengers.length ? sold : illegal;
  if (ticket.standing.kind !== "berths") return illegal;
  const given = ticket.standing.berths;
  const isRight =
    given.length === passengers.length && given.every((berth) => free.includes(berth));
  return isRight ? { ...sold, [ticket.pnr]: { berths: given, from, to } } : illegal;
}
