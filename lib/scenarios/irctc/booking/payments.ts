/**
 * The payments of the machine: orders to the gateway that stay until the gateway has answered, so
 * that whoever leads next goes on where the last one stopped.
 *
 * Source: the saga of H. Garcia-Molina and K. Salem, SIGMOD 1987: hold, charge, confirm, and for
 * each step what undoes it; the orders are an outbox. Each ticket is charged at most once and
 * refunded at most once, under its PNR, which is the gateway's idempotency key.
 * Guarantees: a ticket that is let go unpaid orders a refund too: it gives back the money of a
 * charge that was made, and of one that was not it makes that none can be made any more.
 */
import { refundOf } from "./fares";
import { promote, vacate } from "./places";
import type { BookingRules } from "./rules";
import type { BookingState, Departure, PaymentOrder, Place, Ticket } from "./state";

/** The ticket's last order takes the place of the one before it. */
export function order(state: BookingState, given: Omit<PaymentOrder, "id">): void {
  close(state, given.pnr);
  const id = state.nextOrder++;
  state.orders.set(id, { id, ...given });
  state.orderOf.set(given.pnr, id);
}

function close(state: BookingState, pnr: string): void {
  state.orders.delete(state.orderOf.get(pnr) ?? 0);
  state.orderOf.delete(pnr);
}

/** The gateway has the money. Of a ticket that has ended, the refund is on its way already. */
export function onPaid(state: BookingState, ticket: Ticket, rules: BookingRules): void {
  if (ticket.isPaid) return;
  if (ticket.place.kind === "none" && !rules.acceptsLate(ticket)) return;
  ticket.isPaid = true;
  state.holds.delete(ticket.pnr);
  close(state, ticket.pnr);
}

/** The gateway will never have the money: it answers a repeated charge alike. */
export function onDeclined(state: BookingState, ticket: Ticket, rules: BookingRules): void {
  if (ticket.isPaid || ticket.place.kind === "none") return;
  end(state, ticket, { because: "released", refundPaise: 0, rules });
}

export function onRefunded(state: BookingState, ticket: Ticket): void {
  if (ticket.place.kind !== "none") return;
  ticket.isRefunded = true;
  close(state, ticket.pnr);
}

/**
 * Lets go of the unpaid tickets whose time has come, in the order of booking. All holds are looked
 * at when the next one ends: trains may hold for different times.
 */
export function releaseExpired(state: BookingState, rules: BookingRules): void {
  if (state.clockMs < state.nextEndMs) return;
  state.nextEndMs = Infinity;
  for (const [pnr, endMs] of [...state.holds]) {
    if (endMs <= state.clockMs) release(state, state.tickets.get(pnr) as Ticket, rules);
    else state.nextEndMs = Math.min(state.nextEndMs, endMs);
  }
}

function release(state: BookingState, ticket: Ticket, rules: BookingRules): void {
  const refundPaise = rules.voidsUnpaid(ticket) ? ticket.farePaise : 0;
  end(state, ticket, { because: "released", refundPaise, rules });
}

/** The passenger gives the ticket back; a second time changes nothing. */
export function cancel(state: BookingState, ticket: Ticket, rules: BookingRules): void {
  if (ticket.place.kind === "none") return;
  const departure = departureOf(state, ticket);
  const { farePaise, isPaid } = ticket;
  const refundPaise = isPaid ? refundOf(departure, ticket, state.clockMs) : farePaise;
  end(state, ticket, { because: "cancelled", refundPaise, rules });
}

/**
 * The chart: unpaid tickets are let go, every quota's free berths are for all, and who then still
 * waits gets the money back.
 */
export function chart(state: BookingState, departure: Departure, rules: BookingRules): void {
  if (departure.isCharted) return;
  for (const pnr of [...state.holds.keys()]) {
    const ticket = state.tickets.get(pnr) as Ticket;
    if (ticket.departure === departure.name) release(state, ticket, rules);
  }
  departure.isCharted = true;
  promote(state, departure, rules);
  for (const pnr of Object.values(departure.waiting).flat()) {
    const ticket = state.tickets.get(pnr) as Ticket;
    end(state, ticket, { because: "dropped", refundPaise: ticket.farePaise, rules });
  }
}

interface End {
  readonly because: Extract<Place, { kind: "none" }>["because"];
  readonly refundPaise: number;
  readonly rules: BookingRules;
}

function end(state: BookingState, ticket: Ticket, { because, refundPaise, rules }: End): void {
  const departure = departureOf(state, ticket);
  const isWaiting = ticket.place.kind === "waiting";
  vacate(departure, ticket, rules);
  ticket.place = { kind: "none", because };
  ticket.refundPaise = refundPaise;
  state.holds.delete(ticket.pnr);
  close(state, ticket.pnr);
  if (refundPaise > 0) order(state, { kind: "refund", pnr: ticket.pnr, paise: refundPaise });
  if (!isWaiting) promote(state, departure, rules);
}

function departureOf(state: BookingState, { departure }: Ticket): Departure {
  return state.departures.get(departure) as Departure;
}
