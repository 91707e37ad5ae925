/** Booking: the ticket that comes of a request, held until it is paid. */
import type { BookingAnswer, BookingCommand, BookingRequestFor } from "./commands";
import type { Standing, TicketView } from "./commands";
import { flawOf } from "./eligibility";
import { fareOf } from "./fares";
import { order } from "./payments";
import { freePlace, settle } from "./places";
import type { BookingRules } from "./rules";
import type { Answered, BookingState, Departure, Place, Ticket } from "./state";

type Book = Extract<BookingCommand, { op: "book" }>;

/** PNRs of a shard have seven digits for the order of booking. */
const maxTickets = 9_999_999;
/** So many keys are remembered; a repeat that comes later is a new request. */
const maxKeys = 1_000_000;

/** Does what is asked once for each key. A refusal is remembered too: it must stay one. */
export function bookOnce(state: BookingState, command: Book, rules: BookingRules): BookingAnswer {
  const { key } = command;
  if (typeof key !== "string" || key === "")
    return { kind: "refused", reason: "a booking needs a key" };
  if (rules.hasAnswered(state, key)) {
    return answeredBefore(state, command) ?? { kind: "keyReused", key };
  }
  const answer = book(state, command, rules);
  state.answers.set(key, answeredNow(answer, command));
  if (state.answers.size > maxKeys) {
    const [oldest] = state.answers.keys();
    state.answers.delete(oldest as string);
  }
  return answer;
}

/** A ticket's request is in the ticket, and so is most of its answer. */
function answeredNow(answer: BookingAnswer, command: Book): Answered {
  if (answer.kind === "ticket") return { pnr: answer.pnr, standing: answer.standing };
  return { request: requestOf(command), answer };
}

/** Word for word as the first time; undefined for a key of another request. */
export function answeredBefore(state: BookingState, command: Book): BookingAnswer | undefined {
  const earlier = state.answers.get(command.key);
  if (earlier === undefined) return undefined;
  const request = requestOf(command);
  if ("request" in earlier) return earlier.request === request ? earlier.answer : undefined;
  const ticket = state.tickets.get(earlier.pnr) as Ticket;
  return requestOf(ticket) === request ? heldView(ticket, earlier.standing) : undefined;
}

function requestOf({ departure, from, to, quota, passengers }: BookingRequestFor): string {
  return JSON.stringify([departure, from, to, quota, passengers]);
}

function heldView({ pnr, farePaise }: Ticket, standing: Standing): TicketView {
  return { kind: "ticket", pnr, state: "held", standing, farePaise, refundPaise: 0 };
}

function book(state: BookingState, command: Book, rules: BookingRules): BookingAnswer {
  const departure = state.departures.get(command.departure);
  if (departure === undefined)
    return { kind: "refused", reason: `${command.departure} is not on sale` };
  const reason = flawOf(command, departure, state.clockMs);
  if (reason !== undefined) return { kind: "refused", reason };
  if (state.nextPnr > maxTickets) return { kind: "refused", reason: "this shard has no PNR left" };
  const place = rules.placeOf(command) ?? placeFor(departure, command, rules);
  if (place === undefined) return { kind: "refused", reason: "the waiting list is full" };
  const ticket = newTicket(state, departure, { command, rules });
  settle(departure, ticket, place);
  state.tickets.set(ticket.pnr, ticket);
  state.holds.set(ticket.pnr, ticket.heldUntilMs);
  state.nextEndMs = Math.min(state.nextEndMs, ticket.heldUntilMs);
  order(state, { kind: "charge", pnr: ticket.pnr, paise: ticket.farePaise });
  return heldView(ticket, standingOf(departure, ticket));
}

function placeFor(departure: Departure, command: Book, rules: BookingRules): Place | undefined {
  const free = freePlace(departure, command, rules);
  if (free !== undefined) return free;
  const isFull =
    departure.waiting[command.quota].length >= departure.plan.waitingLimits[command.quota];
  return isFull ? undefined : { kind: "waiting" };
}

function newTicket(
  state: BookingState,
  departure: Departure,
  { command, rules }: { readonly command: Book; readonly rules: BookingRules },
): Ticket {
  const { key, from, to, quota, passengers } = command;
  return {
    key,
    from,
    to,
    quota,
    passengers,
    pnr: pnrOf(state.shard, state.nextPnr++),
    departure: departure.name,
    sequence: ++departure.sequence,
    farePaise: fareOf(departure.plan, command),
    heldUntilMs: rules.heldFromMs(command, state.clockMs) + departure.plan.holdMs,
    place: { kind: "waiting" },
    isPaid: false,
    refundPaise: 0,
    isRefunded: false,
  };
}

/** Ten digits: two of the shard, seven in the order of booking, a check digit (H. Luhn, 1960). */
function pnrOf(shard: number, count: number): string {
  const digits = `${shard}`.padStart(2, "0") + `${count}`.padStart(7, "0");
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const weighted = Number(digits[i]) * (i % 2 === 0 ? 2 : 1);
    sum += weighted > 9 ? weighted - 9 : weighted;
  }
  return `${digits}${(10 - (sum % 10)) % 10}`;
}

export function viewOf(departure: Departure, ticket: Ticket): TicketView {
  const { pnr, place, isPaid, farePaise, refundPaise } = ticket;
  const state = place.kind === "none" ? "ended" : isPaid ? "booked" : "held";
  return {
    kind: "ticket",
    pnr,
    state,
    standing: standingOf(departure, ticket),
    farePaise,
    refundPaise,
  };
}

function standingOf({ layout, waiting }: Departure, { place, pnr, quota }: Ticket): Standing {
  switch (place.kind) {
    case "berths":
      return { kind: "berths", berths: place.places.map((at) => layout.labels[at] as string) };
    case "rac":
      return { kind: "rac", seats: place.places.map((at) => layout.seatLabels[at] as string) };
    case "waiting":
      return { kind: "waiting", number: waiting[quota].indexOf(pnr) + 1 };
    case "none":
      return place;
  }
}
