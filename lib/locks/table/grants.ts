/**
 * Who gets a lock, and when: first come, first served, as far as modes allow. A claim of several
 * locks takes them one after the other in the order of their names, which all batches share.
 *
 * Source: the queues of C. Gray, D. Cheriton, "Leases", SOSP 1989 and of ZooKeeper's lock recipe
 * (Hunt and others, USENIX ATC 2010, section 2.4); ours keeps them in the state machine itself.
 * Assumes: a session does one thing after the other: while it waits, it releases nothing.
 * Guarantees: a waiting exclusive claim keeps later shared ones behind it, so that nobody starves.
 * Cost: O(1) an acquire or release without waiting; a deadlock check visits what is waited for.
 */
import type { LockRules } from "./rules";
import { cycleThrough } from "./wait-for-graph";
import type { Claim, Hold, LockEntry, LockNews, LockState, Tokens } from "./state";

export interface LockTable {
  readonly state: LockState;
  readonly rules: LockRules;
}

type NewsBody<N = LockNews> = N extends LockNews ? Omit<N, "number"> : never;

/** A leader sends news at once, so that no more than these can be unsent. */
const recentNews = 1_000;

export function tell({ state }: LockTable, session: number, news: NewsBody): void {
  const told = state.sessions.get(session)?.news;
  if (told === undefined) return;
  const number = ++state.lastNews;
  told.push({ number, ...news });
  state.recentlyTold.push({ number, session });
  if (state.recentlyTold.length > 2 * recentNews) state.recentlyTold.splice(0, recentNews);
}

export function entryOf({ locks }: LockState, name: string): LockEntry {
  const found = locks.get(name);
  if (found !== undefined) return found;
  const entry: LockEntry = { holders: new Map(), queue: [], watchers: new Set() };
  locks.set(name, entry);
  return entry;
}

/** Takes what can be taken now, and stands in line for the rest. True when all is held. */
export function proceed(table: LockTable, claim: Claim): boolean {
  while (claim.next < claim.names.length) {
    const name = claim.names[claim.next];
    const entry = entryOf(table.state, name);
    const mayPass = claim.isUpgrade || entry.holders.has(claim.session);
    if ((entry.queue.length > 0 && !mayPass) || !take(table, claim, name)) {
      if (claim.isUpgrade) entry.queue.unshift(claim.id);
      else entry.queue.push(claim.id);
      return false;
    }
    claim.next++;
  }
  return true;
}

/** Takes one lock for whoever is first in line, if those who hold it allow that. */
function take(table: LockTable, claim: Claim, name: string): boolean {
  const { state, rules } = table;
  const entry = entryOf(state, name);
  const own = entry.holders.get(claim.session);
  if (own !== undefined && !claim.isUpgrade) {
    if (own.mode === "shared" && claim.mode === "exclusive") return false;
    own.count++;
    return true;
  }
  const others = [...entry.holders].flatMap(([id, hold]) => (id === claim.session ? [] : [hold]));
  if (!rules.isCompatible(claim.mode, others)) return false;
  if (own?.mode === "exclusive") return true;
  state.lastToken = rules.nextToken(state);
  const { lastToken: token } = state;
  if (own === undefined) entry.holders.set(claim.session, { token, mode: claim.mode, count: 1 });
  else Object.assign(own, { token, mode: claim.mode });
  state.sessions.get(claim.session)?.held.add(name);
  wake(table, name);
  return true;
}

/** Tells those who watch a lock that it has changed hands. */
function wake(table: LockTable, name: string): void {
  const entry = entryOf(table.state, name);
  for (const id of entry.watchers) {
    table.state.sessions.get(id)?.watched.delete(name);
    tell(table, id, { kind: "changed", label: 0, name });
  }
  entry.watchers.clear();
}

export function tokensOf({ locks }: LockState, { names, session }: Claim): Tokens {
  const token = (name: string): number => locks.get(name)?.holders.get(session)?.token ?? 0;
  return Object.fromEntries(names.map((name) => [name, token(name)]));
}

/** After something was let go: those first in line get what they can. */
export function serve(table: LockTable, name: string): void {
  const { state } = table;
  for (;;) {
    const entry = state.locks.get(name);
    const claim = state.claims.get(entry?.queue[0] ?? 0);
    if (entry === undefined || claim === undefined || !take(table, claim, name)) break;
    entry.queue.shift();
    claim.next++;
    if (proceed(table, claim)) {
      forgetClaim(table, claim);
      const { session, label } = claim;
      tell(table, session, { kind: "granted", label, tokens: tokensOf(state, claim) });
    } else if (isDeadlocked(state, claim.session)) deny(table, claim, "deadlock");
  }
  forgetIdle(state, name);
}

function forgetIdle({ locks }: LockState, name: string): void {
  const entry = locks.get(name);
  if (entry === undefined || entry.holders.size + entry.queue.length > 0) return;
  if (entry.watchers.size === 0) locks.delete(name);
}

function forgetClaim({ state }: LockTable, claim: Claim): void {
  state.claims.delete(claim.id);
  state.sessions.get(claim.session)?.claims.delete(claim.id);
}

/** Ends a claim that waits: what it has taken so far is free again. */
export function drop(table: LockTable, claim: Claim): void {
  const { names, next, session, id } = claim;
  forgetClaim(table, claim);
  const queue = table.state.locks.get(names[next])?.queue;
  const place = queue?.indexOf(id) ?? -1;
  if (place >= 0) queue?.splice(place, 1);
  if (!claim.isUpgrade) for (const name of names.slice(0, next)) letGo(table, session, name);
  serve(table, names[next]);
}

export function deny(table: LockTable, claim: Claim, why: "timedOut" | "deadlock"): void {
  tell(table, claim.session, { kind: "denied", label: claim.label, why });
  drop(table, claim);
}

/** One release; returns how many times the session still has the lock. */
export function letGo(table: LockTable, session: number, name: string): number {
  const { state } = table;
  const holders = state.locks.get(name)?.holders; // a lock that nobody knows is not made
  const hold = holders?.get(session);
  if (holders === undefined || hold === undefined) return 0;
  if (--hold.count > 0) return hold.count;
  holders.delete(session);
  state.sessions.get(session)?.held.delete(name);
  wake(table, name);
  serve(table, name);
  return 0;
}

/** An exclusive hold becomes a shared one, and those in line who would share it get it. */
export function share(table: LockTable, hold: Hold, name: string): void {
  hold.mode = "shared";
  wake(table, name);
  serve(table, name);
}

/** Everything of a session ends with it: closed, or not renewed in time. */
export function endSession(table: LockTable, id: number): void {
  const { state } = table;
  const session = state.sessions.get(id);
  if (session === undefined) return;
  for (const name of session.watched) {
    state.locks.get(name)?.watchers.delete(id);
    forgetIdle(state, name);
  }
  for (const claim of [...session.claims]) {
    const waiting = state.claims.get(claim);
    if (waiting !== undefined) drop(table, waiting);
  }
  for (const name of [...session.held]) {
    const hold = state.locks.get(name)?.holders.get(id);
    if (hold !== undefined) hold.count = 1;
    letGo(table, id, name);
  }
  state.sessions.delete(id);
  if (state.sessionOf.get(session.client) === id) state.sessionOf.delete(session.client);
}

/** Whether a session waits, in the end, for itself. */
export function isDeadlocked(state: LockState, session: number): boolean {
  return cycleThrough(session, (other) => waitsFor(state, other)) !== undefined;
}

/** The sessions for which one waits: who holds what it wants, and who is before it in line. */
export function* waitsFor(state: LockState, session: number): Iterable<number> {
  for (const id of state.sessions.get(session)?.claims ?? []) {
    const claim = state.claims.get(id);
    if (claim === undefined) continue;
    const entry = entryOf(state, claim.names[claim.next]);
    for (const [holder, hold] of entry.holders) {
      if (holder === session && claim.isUpgrade) continue;
      if (hold.mode === "exclusive" || claim.mode === "exclusive") yield holder;
    }
    for (const before of entry.queue) {
      if (before === id) break;
      const other = state.claims.get(before);
      if (other !== undefined && other.session !== session) yield other.session;
    }
  }
}
