/**
 * Who moves up when something becomes free: from RAC to berths, from the waiting list to berths or
 * to RAC, each quota among its own until the chart, and then among what no quota has sold.
 *
 * Source: what the railway has made public. Tatkal has a waiting list (TQWL) and no RAC, and comes
 * behind the general list at the chart (pnrstatus.io, "What is TQWL"); what is left of it then goes
 * to general RAC and waiting tickets (indianrail.gov.in by ndtv.com, 6 May 2019). Ladies' berths
 * that are left go first to women who wait, then to senior citizens, whatever their list (Railway
 * Board, 15 February 2018, by mid-day.com, 26 February 2018). Ours: then to all, as the rest; the
 * order of the lists between general and tatkal is an assumption.
 * Guarantees: whoever waits does not fit into what is free; of two in one list, the one who booked
 * later is promoted only past one who does not fit behind the others.
 * Cost: a promotion asks everybody who waits: O(waiting x journey x berths / 32).
 */
import type { BerthSet } from "./berth-map";
import { isPartyOf } from "./eligibility";
import { freeBerthsFor, freeSeatsFor, settle, vacate } from "./places";
import type { BookingRules } from "./rules";
import type { BookingState, Departure, Place, Ticket } from "./state";
import { bookingQuotas } from "./train-plan";
import type { BookingQuota } from "./train-plan";

/** A command that is being carried out: what it may change, and where it has freed something. */
export interface Turn {
  readonly state: BookingState;
  readonly rules: BookingRules;
  readonly freed: Set<Departure>;
}

export function promoteFreed(turn: Turn): void {
  for (const departure of turn.freed) {
    turn.freed.delete(departure);
    if (departure.isCharted) giveAway(turn, departure);
    moveUp(turn, departure, departure.isCharted ? turn.rules.chartOrder : bookingQuotas);
  }
}

/** At the chart: the ladies' berths that are left. */
function giveAway(turn: Turn, departure: Departure): void {
  const within = departure.layout.ofQuota.ladies;
  const all = queueOf(turn, departure, turn.rules.chartOrder);
  for (const quota of ["ladies", "senior"] as const) {
    for (const ticket of all.filter(({ passengers }) => isPartyOf(passengers, quota))) {
      if (ticket.place.kind !== "berths") toBerths(turn, ticket, { departure, within });
    }
  }
}

function moveUp(turn: Turn, departure: Departure, order: readonly BookingQuota[]): void {
  const { rules } = turn;
  for (const ticket of queueOf(turn, departure, order)) {
    const within = rules.berthsFor(departure, ticket.quota);
    if (toBerths(turn, ticket, { departure, within }) || ticket.place.kind === "rac") continue;
    const places = freeSeatsFor(departure, ticket, rules);
    if (places !== undefined) moveTo({ kind: "rac", places }, { departure, ticket, rules });
  }
}

/** RAC first, then those who wait. */
function queueOf(
  { state, rules }: Turn,
  { rac, waiting }: Departure,
  order: readonly BookingQuota[],
): Ticket[] {
  return [rac, waiting].flatMap((lists) =>
    order
      .flatMap((quota) => rules.promotionOrder(lists[quota]))
      .map((pnr) => state.tickets.get(pnr) as Ticket),
  );
}

function toBerths(
  { rules }: Turn,
  ticket: Ticket,
  { departure, within }: { departure: Departure; within: BerthSet },
): boolean {
  const places = freeBerthsFor(departure, ticket, within);
  if (places !== undefined) moveTo({ kind: "berths", places }, { departure, ticket, rules });
  return places !== undefined;
}

function moveTo(
  place: Place,
  { departure, ticket, rules }: { departure: Departure; ticket: Ticket; rules: BookingRules },
): void {
  vacate(departure, ticket, rules);
  settle(departure, ticket, place);
}
