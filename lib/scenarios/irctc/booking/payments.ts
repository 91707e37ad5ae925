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
import { clerkageOff, refundOf } from "./fares";
import { vacate } from "./places";
import { promoteFreed } from "./promote";
import type { Turn } from "./promote";
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
export function onPaid({ state, rules }: Turn, ticket: Ticket): void {
  if (ticket.isPaid) return;
  if (ticket.place.kind === "none" && !rules.acceptsLate(ticket)) return;
  ticket.isPaid = true;
  state.holds.delete(ticket.pnr);
  close(state, ticket.pnr);
}

/** The gateway will never have the money: it answers a repeated charge alike. */
export function onDeclined(turn: Turn, ticket: Ticket): void {
  if (ticket.isPaid || ticket.place.kind === "none") return;
  end(turn, ticket, { because: "released", refundPaise: 0 });
}

export function onRefunded({ state }: Turn, ticket: Ticket): void {
  if (ticket.place.kind !== "none") return;
  ticket.isRefunded = true;
  close(state, ticket.pnr);
}

/**
 * Lets go of the unpaid tickets whose time has come, in the order of booking. All holds are looked
 * at when the next one ends: trains may hold for different times.
 */
export function releaseExpired(turn: Turn): void {
  const { state } = turn;
  if (state.clockMs < state.nextEndMs) return;
  state.nextEndMs = Infinity;
  for (const [pnr, endMs] of [...state.holds]) {
    if (endMs <= state.clockMs) release(turn, state.tickets.get(pnr) as Ticket);
    else state.nextEndMs = Math.min(state.nextEndMs, endMs);
  }
}

function release(turn: Turn, ticket: Ticket): void {
  const refundPaise = turn.rules.voidsUnpaid(ticket) ? ticket.farePaise : 0;
  end(turn, ticket, { because: "released", refundPaise });
}

/** The passenger gives the ticket back; a second time changes nothing. */
export function cancel(turn: Turn, ticket: Ticket): void {
  if (ticket.place.kind === "none") return;
  const { state } = turn;
  const departure = departureOf(state, ticket);
  const { farePaise, isPaid } = ticket;
  const refundPaise = isPaid ? refundOf(departure, ticket, state.clockMs) : farePaise;
  end(turn, ticket, { because: "cancelled", refundPaise });
}

/**
 * The chart: unpaid tickets are let go, every quota's free berths are for all, and who then still
 * waits gets the money back, less the clerkage.
 */
export function chart(turn: Turn, departure: Departure): void {
  if (departure.isCharted) return;
  const { state } = turn;
  for (const pnr of [...state.holds.keys()]) {
    const ticket = state.tickets.get(pnr) as Ticket;
    if (ticket.departure === departure.name) release(turn, ticket);
  }
  departure.isCharted = true;
  turn.freed.add(departure);
  promoteFreed(turn);
  for (const pnr of Object.values(departure.waiting).flat()) {
    const ticket = state.tickets.get(pnr) as Ticket;
    end(turn, ticket, { because: "dropped", refundPaise: clerkageOff(ticket) });
  }
}

interface End {
  readonly because: Extract<Place, { kind: "none" }>["because"];
  readonly refundPaise: number;
}

function end({ state, rules, freed }: Turn, ticket: Ticket, { because, refundPaise }: End): void {
  const departure = departureOf(state, ticket);
  const isWaiting = ticket.place.kind === "waiting";
  vacate(departure, ticket, rules);
  ticket.place = { kind: "none", because };
  ticket.refundPaise = refundPaise;
  state.holds.delete(ticket.pnr);
  close(state, ticket.pnr);
  if (refundPaise > 0) order(state, { kind: "refund", pnr: ticket.pnr, paise: refundPaise });
  if (!isWaiting) freed.add(departure);
}

function departureOf(state: BookingState, { departure }: Ticket): Departure {
  return state.departures.get(departure) as Departure;
}
