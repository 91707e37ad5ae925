/**
 * Who gets what on a departure: berths of the quota, else (general) seats for RAC, else a place in
 * the quota's waiting list; and who is promoted when something becomes free.
 *
 * Guarantees: whoever waits does not fit into what is free; of two in one list, the one who booked
 * later is promoted only past one who does not fit behind the others.
 * Cost: a promotion asks everybody who waits: O(waiting x journey x berths / 32).
 */
import { chooseBerths } from "./choose-berths";
import { freeBerths, releaseBerth, takeBerth, tightestBerth } from "./berth-map";
import type { BookingRules } from "./rules";
import type { BookingState, Departure, Place, Ticket } from "./state";
import { bookingQuotas } from "./train-plan";

type Asker = Pick<Ticket, "from" | "to" | "quota" | "passengers">;

/** Berths or RAC seats that are free for all of the passengers; undefined for neither. */
export function freePlace(
  departure: Departure,
  asker: Asker,
  rules: BookingRules,
): Extract<Place, { kind: "berths" | "rac" }> | undefined {
  const places = freeBerthsFor(departure, asker, rules);
  if (places !== undefined) return { kind: "berths", places };
  const seats = asker.quota === "general" ? freeSeats(departure, asker) : undefined;
  return seats && { kind: "rac", places: seats };
}

function freeBerthsFor(
  departure: Departure,
  asker: Asker,
  rules: BookingRules,
): readonly number[] | undefined {
  const { berths: map, layout } = departure;
  const within = rules.berthsFor(departure, asker.quota);
  return chooseBerths(
    { map, layout, within },
    asker,
    asker.passengers.map(({ wish }) => wish ?? null),
  );
}

/** Seats have no types and no bays: the tightest ones, one after the other. */
function freeSeats({ seats, layout }: Departure, asker: Asker): number[] | undefined {
  const free = new Int32Array(seats.words);
  const count = freeBerths(seats, asker, { within: layout.seats, free });
  if (count < asker.passengers.length) return undefined;
  return asker.passengers.map(() => {
    const seat = tightestBerth(seats, asker, { candidates: free });
    (free[seat >> 5] as number) &= ~(1 << (seat & 31));
    return seat;
  });
}

/** Gives a ticket its place, or one in the waiting list of its quota. */
export function settle(departure: Departure, ticket: Ticket, place: Place): void {
  ticket.place = place;
  const { rac, waiting } = departure;
  if (place.kind === "berths") {
    for (const berth of place.places) takeBerth(departure.berths, berth, ticket);
  } else if (place.kind === "rac") {
    for (const seat of place.places) takeBerth(departure.seats, seat, ticket);
    rac.push(ticket.pnr);
    rac.sort(); // PNRs of a departure grow with the order of booking
  } else if (place.kind === "waiting") {
    waiting[ticket.quota].push(ticket.pnr);
  }
}

/** Takes a ticket out of what it has; its place is then up to the caller. */
export function vacate(departure: Departure, ticket: Ticket, rules: BookingRules): void {
  const { place, pnr, quota } = ticket;
  const stops = rules.freedStops(ticket, departure);
  if (place.kind === "berths") {
    for (const berth of place.places) releaseBerth(departure.berths, berth, stops);
  } else if (place.kind === "rac") {
    for (const seat of place.places) releaseBerth(departure.seats, seat, stops);
    departure.rac = departure.rac.filter((other) => other !== pnr);
  } else if (place.kind === "waiting") {
    departure.waiting[quota] = departure.waiting[quota].filter((other) => other !== pnr);
  }
}

/** Moves up those who now fit: from RAC to berths, then each waiting list. */
export function promote(state: BookingState, departure: Departure, rules: BookingRules): void {
  for (const ticket of ticketsOf(state, rules.promotionOrder(departure.rac))) {
    const places = freeBerthsFor(departure, ticket, rules);
    if (places !== undefined) moveTo({ kind: "berths", places }, { departure, ticket, rules });
  }
  for (const quota of bookingQuotas) {
    for (const ticket of ticketsOf(state, rules.promotionOrder(departure.waiting[quota]))) {
      const place = freePlace(departure, ticket, rules);
      if (place !== undefined) moveTo(place, { departure, ticket, rules });
    }
  }
}

function moveTo(
  place: Place,
  { departure, ticket, rules }: { departure: Departure; ticket: Ticket; rules: BookingRules },
): void {
  vacate(departure, ticket, rules);
  settle(departure, ticket, place);
}

function ticketsOf({ tickets }: BookingState, pnrs: readonly string[]): Ticket[] {
  return pnrs.map((pnr) => tickets.get(pnr) as Ticket);
}
