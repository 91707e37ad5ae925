/**
 * The commands of the lock service, applied to its state: the same on every server.
 *
 * Source: M. Burrows, "The Chubby lock service", OSDI 2006, sections 2.4 (sequencers, our fencing
 * tokens) and 2.8 (sessions and KeepAlives). Ours has queues where Chubby has clients that retry.
 */
import { flawOf } from "./commands";
import type { LockCommand, StampedCommand } from "./commands";
import { deny, endSession, entryOf, isDeadlocked, letGo } from "./grants";
import { drop, proceed, share, tokensOf } from "./grants";
import type { LockTable } from "./grants";
import type { Claim, Hold, LockAnswer, LockSession, LockState, Opening } from "./state";

const maxSessions = 10_000;
/** Of one session, at a time. */
const maxClaims = 1_000;

type Of<K extends LockCommand["op"]> = Extract<StampedCommand, { op: K }>;

export function applyCommand(table: LockTable, command: StampedCommand): LockAnswer {
  const reason = flawOf(command);
  if (reason !== undefined) return { kind: "invalid", reason };
  const { state } = table;
  state.nowMs = Math.max(state.nowMs, command.atMs);
  expire(table);
  if (command.op === "tick") return { kind: "closed" };
  if (command.op === "open") return open(table, command);
  const session = state.sessions.get(command.session);
  if (session?.client !== command.client) return { kind: "noSession" };
  if (command.op === "keepAlive") return keepAlive(table, session, command.seen);
  return applyOnce(table, session, command);
}

/** Ends the sessions that were not renewed, and the claims that would wait no longer. */
function expire(table: LockTable): void {
  const { state } = table;
  if (state.nowMs < state.nextDeadlineMs) return;
  const isOver = (deadlineMs: number | null): boolean =>
    deadlineMs !== null && deadlineMs <= state.nowMs;
  for (const { id, deadlineMs } of [...state.sessions.values()]) {
    if (isOver(deadlineMs)) endSession(table, id);
  }
  for (const claim of [...state.claims.values()]) {
    if (isOver(claim.deadlineMs) && state.claims.has(claim.id)) deny(table, claim, "timedOut");
  }
  state.nextDeadlineMs = Infinity;
  for (const { deadlineMs } of state.sessions.values()) noteDeadline(state, deadlineMs);
  for (const { deadlineMs } of state.claims.values()) noteDeadline(state, deadlineMs);
}

function noteDeadline(state: LockState, deadlineMs: number | null): void {
  state.nextDeadlineMs = Math.min(state.nextDeadlineMs, deadlineMs ?? Infinity);
}

/** A client has one session: a new one takes the place of the last, of which only it knew. */
function open(table: LockTable, { client, opening, ttlMs }: Of<"open">): LockAnswer {
  const { state } = table;
  const last = state.sessions.get(state.sessionOf.get(client) ?? 0);
  if (last !== undefined) {
    const order = orderOf(opening, last.opening);
    if (order === 0) return { kind: "opened", session: last.id, ttlMs: last.ttlMs };
    if (order < 0) return { kind: "noSession" };
    endSession(table, last.id);
  }
  if (state.sessions.size >= maxSessions) {
    return { kind: "invalid", reason: `there are ${maxSessions} sessions already` };
  }
  const id = ++state.lastSession;
  const session: LockSession = {
    ...{ id, client, opening, ttlMs, deadlineMs: state.nowMs + ttlMs },
    ...{ held: new Set(), claims: new Set(), watched: new Set() },
    ...{ lastSequence: 0, lastAnswer: null, news: [] },
  };
  state.sessions.set(id, session);
  state.sessionOf.set(client, id);
  noteDeadline(state, session.deadlineMs);
  return { kind: "opened", session: id, ttlMs };
}

/** Below 0: a late copy of an earlier opening; 0: the same one again. */
function orderOf([life, drawn, count]: Opening, last: Opening): number {
  if (life !== last[0]) return life - last[0];
  return drawn === last[1] ? count - last[2] : 1;
}

function keepAlive({ state, rules }: LockTable, session: LockSession, seen: number): LockAnswer {
  session.deadlineMs = state.nowMs + session.ttlMs;
  const upTo = rules.forgetNews(seen, state.lastNews);
  const kept = session.news.filter(({ number }) => number > upTo);
  session.news.splice(0, Infinity, ...kept);
  return { kind: "alive", news: [...kept] };
}

type Sequenced = Exclude<StampedCommand, { op: "open" | "keepAlive" | "tick" }>;

function applyOnce(table: LockTable, session: LockSession, command: Sequenced): LockAnswer {
  const { sequence } = command;
  if (table.rules.isRepeated(sequence, session.lastSequence) && session.lastAnswer !== null) {
    return session.lastAnswer;
  }
  if (!(sequence >= session.lastSequence)) {
    return { kind: "invalid", reason: "a later command of the session has been done" };
  }
  session.lastSequence = sequence;
  session.lastAnswer = perform(table, session, command);
  return session.lastAnswer;
}

function perform(table: LockTable, session: LockSession, command: Sequenced): LockAnswer {
  switch (command.op) {
    case "acquire":
      return acquire(table, session, command);
    case "upgrade":
      return upgrade(table, session, command);
    case "downgrade":
      return downgrade(table, session, command);
    case "release":
      return release(table, session, command);
    case "watch": {
      const entry = entryOf(table.state, command.name);
      entry.watchers.add(session.id);
      session.watched.add(command.name);
      return { kind: "watching", holders: entry.holders.size };
    }
    case "withdraw":
      return withdraw(table, session, command.asked);
    case "close":
      endSession(table, session.id);
      return { kind: "closed" };
  }
}

function acquire(table: LockTable, session: LockSession, command: Of<"acquire">): LockAnswer {
  const { label, mode, waitMs } = command;
  const names = [...new Set(command.names)].sort();
  return begin(table, session, { label, names, mode, isUpgrade: false, waitMs });
}

function upgrade(table: LockTable, session: LockSession, command: Of<"upgrade">): LockAnswer {
  const { label, name, waitMs } = command;
  if (!session.held.has(name)) return { kind: "notHeld" };
  const wish = { label, names: [name], mode: "exclusive", isUpgrade: true, waitMs } as const;
  return begin(table, session, wish);
}

type Wish = Pick<Claim, "label" | "names" | "mode" | "isUpgrade"> & { waitMs: number | null };

function begin(table: LockTable, session: LockSession, { waitMs, ...wish }: Wish): LockAnswer {
  const { state } = table;
  if (session.claims.size >= maxClaims) {
    return { kind: "invalid", reason: `the session waits for ${maxClaims} claims already` };
  }
  const deadlineMs = waitMs === null ? null : state.nowMs + waitMs;
  const id = ++state.lastClaim;
  const claim: Claim = { ...wish, id, session: session.id, next: 0, deadlineMs };
  state.claims.set(id, claim);
  session.claims.add(id);
  if (proceed(table, claim)) {
    state.claims.delete(id);
    session.claims.delete(id);
    return { kind: "granted", tokens: tokensOf(state, claim) };
  }
  const why = isDeadlocked(state, session.id) ? "deadlock" : waitMs === 0 ? "taken" : undefined;
  if (why !== undefined) {
    drop(table, claim);
    return { kind: "denied", why };
  }
  noteDeadline(state, deadlineMs);
  const ahead = state.locks.get(claim.names[claim.next])?.queue.indexOf(id) ?? 0;
  return { kind: "queued", ahead };
}

/** Its token stays: what it wrote under it is what it may now read beside others. */
function downgrade(table: LockTable, session: LockSession, command: Of<"downgrade">): LockAnswer {
  const { name, token } = command;
  const hold = table.state.locks.get(name)?.holders.get(session.id);
  if (hold?.token !== token) return { kind: "notHeld" };
  if (hold.mode === "exclusive") share(table, hold, name);
  return { kind: "granted", tokens: { [name]: token } };
}

function release(table: LockTable, session: LockSession, command: Of<"release">): LockAnswer {
  const { name, token } = command;
  const holders = table.state.locks.get(name)?.holders ?? new Map<number, Hold>();
  const holder = table.rules.released(holders, session.id, token);
  if (holder === undefined) return { kind: "notHeld" };
  return { kind: "released", left: letGo(table, holder, name) };
}

function withdraw(table: LockTable, session: LockSession, asked: number): LockAnswer {
  for (const id of session.claims) {
    const claim = table.state.claims.get(id);
    if (claim?.label !== asked) continue;
    drop(table, claim);
    return { kind: "withdrawn" };
  }
  return { kind: "notWaiting" };
}
