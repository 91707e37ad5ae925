/** What is free for whom on a departure: berths of the quota, else seats of its RAC. */
import { chooseBerths } from "./choose-berths";
import { freeBerths, releaseBerth, takeBerth, tightestBerth } from "./berth-map";
import type { BerthSet } from "./berth-map";
import type { BookingRules } from "./rules";
import type { Departure, Place, Ticket } from "./state";

type Asker = Pick<Ticket, "from" | "to" | "quota" | "passengers">;

/** Berths or RAC seats that are free for all of the passengers; undefined for neither. */
export function freePlace(
  departure: Departure,
  asker: Asker,
  rules: BookingRules,
): Extract<Place, { kind: "berths" | "rac" }> | undefined {
  const places = freeBerthsFor(departure, asker, rules.berthsFor(departure, asker.quota));
  if (places !== undefined) return { kind: "berths", places };
  const seats = freeSeatsFor(departure, asker, rules);
  return seats && { kind: "rac", places: seats };
}

export function freeBerthsFor(
  { berths: map, layout }: Departure,
  asker: Asker,
  within: BerthSet,
): readonly number[] | undefined {
  return chooseBerths(
    { map, layout, within },
    asker,
    asker.passengers.map(({ wish }) => wish ?? null),
  );
}

/** Seats have no types and no bays: the tightest ones, one after the other. */
export function freeSeatsFor(
  departure: Departure,
  asker: Asker,
  rules: BookingRules,
): number[] | undefined {
  const { seats } = departure;
  const free = new Int32Array(seats.words);
  const within = rules.seatsFor(departure, asker.quota);
  const count = freeBerths(seats, asker, { within, free });
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
    rac[ticket.quota].push(ticket.pnr);
    rac[ticket.quota].sort(); // PNRs of a departure grow with the order of booking
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
    departure.rac[quota] = departure.rac[quota].filter((other) => other !== pnr);
  } else if (place.kind === "waiting") {
    departure.waiting[quota] = departure.waiting[quota].filter((other) => other !== pnr);
  }
}
