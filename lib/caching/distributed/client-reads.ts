/**
 * Reads: the cache first, then the database, and the cache is filled. Reads of one key share the
 * questions, but none has an answer to a question that had left before it came: a load that is
 * under way may bring what was true before a write that has ended since.
 */
import type { CacheAnswer, DatabaseAnswer, Row } from "./messages";
import { hotForMs, suspect, targetOf } from "./servers";
import type { ClientHost, ClientState, Flight, Outcome } from "./client-state";

type End = (operation: number, outcome: Outcome) => void;

export interface ReadContext {
  readonly host: ClientHost;
  /** A read has ended. */
  readonly end: End;
}

export function beginRead(
  node: ClientState,
  { operation, key }: { operation: number; key: string },
  context: ReadContext,
): void {
  const under = node.options.isCoalescing ? node.flightOf.get(key) : undefined;
  const shared = under === undefined ? undefined : node.flights.get(under);
  if (shared === undefined) return takeOff(node, key, { readers: [operation], context });
  context.host.note("coalesced", key);
  const mayJoin = node.rules.mayJoinLoad && shared.phase === "loading";
  (mayJoin ? shared.readers : shared.late).push(operation);
}

function takeOff(
  node: ClientState,
  key: string,
  { readers, context }: { readers: number[]; context: ReadContext },
): void {
  if (readers.length === 0) return;
  const id = ++node.counter;
  const flight: Flight = {
    ...{ id, key, readers, late: [], phase: "asking", requestId: 0 },
    ...{ server: null, permit: null, sentMs: 0, waits: 0 },
  };
  node.flights.set(id, flight);
  if (node.options.isCoalescing) node.flightOf.set(key, id);
  ask(node, flight, context);
}

/** Asks a server, or the database where no server can be asked. */
function ask(node: ClientState, flight: Flight, context: ReadContext): void {
  const { host } = context;
  const random = (): number => host.random();
  const server = targetOf(node, flight.key, { nowMs: host.nowMs, random });
  flight.permit = null;
  if (server === null) return askNobody(node, flight, context);
  takeLate(flight);
  const requestId = question(node, flight, "asking");
  flight.server = server;
  host.setTimer({ flight: flight.id }, node.options.replyMs);
  host.send(server, { type: "get", requestId, key: flight.key });
}

/** Where servers write back, the database does not know the last of what they were told. */
function askNobody(node: ClientState, flight: Flight, context: ReadContext): void {
  if (node.options.writes !== "back") return load(node, flight, context);
  failLoad(node, flight, { context, why: "its server does not answer" });
}

function load(node: ClientState, flight: Flight, { host }: ReadContext): void {
  if (node.options.writes !== "back") takeLate(flight);
  const requestId = question(node, flight, "loading");
  flight.sentMs = host.nowMs;
  host.setTimer({ flight: flight.id }, node.options.loadMs);
  host.send(node.options.database, { type: "load", requestId, key: flight.key });
}

/** A question for the truth is about to leave: those who came until now may have its answer. */
function takeLate(flight: Flight): void {
  flight.readers.push(...flight.late);
  flight.late = [];
}

function question(node: ClientState, flight: Flight, phase: Flight["phase"]): number {
  node.askers.delete(flight.requestId);
  flight.requestId = ++node.counter;
  flight.phase = phase;
  node.askers.set(flight.requestId, { flight: flight.id });
  return flight.requestId;
}

export function onGot(
  node: ClientState,
  flight: Flight,
  answer: Extract<CacheAnswer, { type: "got" }>,
  context: ReadContext,
): void {
  const { host } = context;
  if (flight.phase !== "asking") return;
  if (answer.isHot) node.hot.set(flight.key, host.nowMs + hotForMs);
  flight.permit = answer.permit;
  if (answer.row !== null) {
    const from = answer.found === "stale" ? "stale" : "cache";
    tell(flight, { row: answer.row, from }, context);
    if (answer.permit === null) return finish(node, flight, context);
    return loadBehind(node, flight, context);
  }
  if (answer.found === "miss") return load(node, flight, context);
  if (++flight.waits > node.options.maxWaits) return load(node, flight, context);
  flight.phase = "waiting";
  host.setTimer({ flight: flight.id }, node.options.waitMs);
}

/** Nobody waits for this load: who comes now asks the cache, which has a row. */
function loadBehind(node: ClientState, flight: Flight, context: ReadContext): void {
  const { late, key } = flight;
  flight.late = [];
  if (node.flightOf.get(key) === flight.id) node.flightOf.delete(key);
  load(node, flight, context);
  takeOff(node, key, { readers: late, context });
}

export function onLoaded(
  node: ClientState,
  flight: Flight,
  answer: Extract<DatabaseAnswer, { type: "loaded" }>,
  context: ReadContext,
): void {
  const { host } = context;
  if (flight.phase !== "loading") return;
  const { row } = answer;
  const { permit, server, key } = flight;
  tell(flight, { row, from: "database" }, context);
  if (permit === null || server === null) return finish(node, flight, context);
  const requestId = question(node, flight, "setting");
  const tookMs = Math.max(0, host.nowMs - flight.sentMs);
  host.setTimer({ flight: flight.id }, node.options.replyMs);
  host.send(server, { type: "set", requestId, key, row, permit, tookMs });
}

export function onWasSet(node: ClientState, flight: Flight, context: ReadContext): void {
  if (flight.phase === "setting") finish(node, flight, context);
}

/** The database, or a server, has too much to do. */
export function onBusy(node: ClientState, flight: Flight, context: ReadContext): void {
  if (flight.phase === "asking") return load(node, flight, context);
  if (flight.phase === "loading") failLoad(node, flight, { context, why: "busy" });
}

export function onFlightTimer(node: ClientState, flight: Flight, context: ReadContext): void {
  const { host } = context;
  if (flight.phase === "waiting") return ask(node, flight, context);
  if (flight.phase === "loading") return failLoad(node, flight, { context, why: "no answer" });
  if (flight.server !== null) {
    host.note("suspect", flight.server);
    suspect(node, flight.server, host.nowMs);
  }
  if (flight.phase === "asking") return ask(node, flight, context);
  finish(node, flight, context);
}

function failLoad(
  node: ClientState,
  flight: Flight,
  { context, why }: { context: ReadContext; why: string },
): void {
  const { key, permit, server } = flight;
  const told = node.rules.toldOfFailure(flight.readers);
  flight.readers = [];
  for (const operation of told) context.end(operation, { kind: "fail", value: why });
  if (permit !== null && server !== null)
    context.host.send(server, { type: "release", key, permit });
  finish(node, flight, context);
}

function tell(
  flight: Flight,
  { row, from }: { row: Row; from: "cache" | "stale" | "database" },
  { end }: ReadContext,
): void {
  const { readers } = flight;
  flight.readers = [];
  const { value, version } = row;
  for (const operation of readers) end(operation, { kind: "ok", value, version, from });
}

/** Who came too late for this flight's questions is the first of the next one. */
function finish(node: ClientState, flight: Flight, context: ReadContext): void {
  const { late, key } = flight;
  context.host.cancelTimer({ flight: flight.id });
  node.askers.delete(flight.requestId);
  node.flights.delete(flight.id);
  if (node.flightOf.get(key) === flight.id) node.flightOf.delete(key);
  takeOff(node, key, { readers: late, context });
}
