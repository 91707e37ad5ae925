/**
 * The booking of trains as a state machine: a command in, an answer out, and nothing but commands
 * changes it; the time too comes in the commands, so that all servers let go of a held berth at the
 * same place of their logs.
 *
 * Source: F. Schneider, "Implementing fault-tolerant services using the state machine approach",
 * ACM Computing Surveys 1990. The railway's rules are simplified: see lib/README.md.
 * Guarantees: no berth twice on a stretch, quotas exact, a key is served once.
 * Cost: a booking asks its departure's bits once; an end asks all who wait there.
 */
import { wholeInRange } from "../../../basics";
import type { Machine } from "../../../consensus/raft";
import { registerMachine } from "../../../consensus/raft";
import { bookOnce, viewOf } from "./book";
import type { Availability, BookingAnswer, BookingCommand, BookingQuery } from "./commands";
import { freeBerths } from "./berth-map";
import { flawOfJourney } from "./eligibility";
import { cancel, chart, onDeclined, onPaid, onRefunded, releaseExpired } from "./payments";
import { promoteFreed } from "./promote";
import type { Turn } from "./promote";
import { bookingRules } from "./rules";
import type { BookingRules } from "./rules";
import { bookingFromJson, bookingToJson, emptyBooking, newDeparture } from "./state";
import type { BookingState, Departure, Ticket } from "./state";
import { trainPlan } from "./train-plan";

/** The machine, registered with Raft under its name; with a rule replaced under another one. */
export function bookingMachine(
  name = "booking",
  changes: Partial<BookingRules> = {},
): Machine<BookingState> {
  const rules = { ...bookingRules, ...changes };
  const machine: Machine<BookingState> = {
    name,
    initial: emptyBooking,
    apply: (state, command) => applyBooking(state, command as BookingCommand, rules),
    query: (state, query) => queryBooking(state, query as BookingQuery, rules),
    toJson: bookingToJson,
    fromJson: bookingFromJson,
  };
  registerMachine(machine);
  return machine;
}

function applyBooking(
  state: BookingState,
  command: BookingCommand,
  rules: BookingRules,
): BookingAnswer {
  if (typeof command?.op !== "string") return { kind: "refused", reason: "a command needs an op" };
  state.clockMs = Math.max(state.clockMs, command.atMs ?? 0);
  const turn = { state, rules, freed: new Set<Departure>() };
  releaseExpired(turn);
  if (command.op === "book") promoteFreed(turn); // who waits comes before who asks
  const answer = perform(turn, command);
  promoteFreed(turn);
  return answer();
}

/** The answer is for when those who wait have been promoted. */
function perform(turn: Turn, command: BookingCommand): () => BookingAnswer {
  const { state, rules } = turn;
  switch (command.op) {
    case "open":
      return always(open(state, command));
    case "book":
      return always(bookOnce(state, command, rules));
    case "chart":
      return always(onDeparture(state, command.departure, (departure) => chart(turn, departure)));
    case "tick":
      return always({ kind: "done" });
    case "cancel":
      return onTicket(state, command.pnr, (ticket) => cancel(turn, ticket));
    case "paid":
      return onTicket(state, command.pnr, (ticket) => onPaid(turn, ticket));
    case "declined":
      return onTicket(state, command.pnr, (ticket) => onDeclined(turn, ticket));
    case "refunded":
      return onTicket(state, command.pnr, (ticket) => onRefunded(turn, ticket));
    default:
      return always({ kind: "refused", reason: "there is no such operation" });
  }
}

function always(answer: BookingAnswer): () => BookingAnswer {
  return () => answer;
}

/** A departure that is open stays as it is. */
function open(
  state: BookingState,
  { departure, plan, shard = 0 }: Extract<BookingCommand, { op: "open" }>,
): BookingAnswer {
  if (state.departures.has(departure)) return { kind: "done" };
  try {
    if (typeof departure !== "string") throw new RangeError("a departure needs a name");
    wholeInRange("the number of the shard", shard, { min: 0, max: 99 });
    if (state.departures.size > 0 && shard !== state.shard) {
      throw new RangeError(`the number of this shard is ${state.shard}, not ${shard}`);
    }
    state.departures.set(departure, newDeparture(departure, trainPlan(plan ?? {})));
    state.shard = shard;
    return { kind: "done" };
  } catch (error) {
    // All servers agreed on it and would fall over it together, again after every restart.
    if (error instanceof RangeError) return { kind: "refused", reason: error.message };
    throw error;
  }
}

function onDeparture(
  { departures }: BookingState,
  name: string,
  change: (departure: Departure) => void,
): BookingAnswer {
  const departure = departures.get(name);
  if (departure === undefined) return { kind: "unknown", what: `departure ${name}` };
  change(departure);
  return { kind: "done" };
}

function onTicket(
  state: BookingState,
  pnr: string,
  change: (ticket: Ticket) => void = () => undefined,
): () => BookingAnswer {
  const ticket = state.tickets.get(pnr);
  if (ticket === undefined) return always({ kind: "unknown", what: `PNR ${pnr}` });
  change(ticket);
  return () => viewOf(state.departures.get(ticket.departure) as Departure, ticket);
}

function queryBooking(
  state: BookingState,
  query: BookingQuery,
  rules: BookingRules,
): BookingAnswer | Availability {
  if (query?.op === "ticket") return onTicket(state, query.pnr)();
  if (query?.op !== "search") return { kind: "refused", reason: "a query is ticket or search" };
  const departure = state.departures.get(query.departure);
  if (departure === undefined) return { kind: "unknown", what: `departure ${query.departure}` };
  const reason = flawOfJourney(query, departure);
  return reason === undefined
    ? searched(state, departure, { query, rules })
    : { kind: "refused", reason };
}

function searched(
  { clockMs }: BookingState,
  departure: Departure,
  { query, rules }: { query: Extract<BookingQuery, { op: "search" }>; rules: BookingRules },
): Availability {
  const { berths, seats, waiting } = departure;
  const within = rules.berthsFor(departure, query.quota);
  const free = freeBerths(berths, query, { within, free: new Int32Array(berths.words) });
  const racFree = freeBerths(seats, query, {
    ...{ within: rules.seatsFor(departure, query.quota), free: new Int32Array(seats.words) },
  });
  return {
    kind: "availability",
    free,
    racFree,
    waiting: waiting[query.quota].length,
    asOfMs: clockMs,
  };
}

bookingMachine();
