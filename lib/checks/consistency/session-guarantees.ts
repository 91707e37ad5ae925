/**
 * The four promises that a store can make to one client at a time, whatever others see.
 *
 * Source: D. Terry et al., "Session guarantees for weakly consistent replicated data", PDIS 1994;
 * in the terms of visibility and arbitration of P. Viotti, M. Vukolic, "Consistency in
 * non-transactional distributed storage systems", ACM CSUR 49(1), 2016, section 3.6. Ours needs no
 * knowledge of servers: a guarantee is violated when no order of all writes is in keeping with it
 * and with what was read. The two about reads take writes to be ordered as in real time, unless
 * told otherwise; the two about writes take no order, but readers whose reads are monotonic.
 * Assumes: reads and writes only, no value written twice to a key. Guarantees: exact for them.
 * Cost: O(n^2) for n operations, less where sessions are short.
 */
import type { History } from "../../protocol";
import { accessesOf } from "./accesses";
import { closestPairs } from "../linearizability/deductions/intervals";
import type { Access, Accesses } from "./accesses";
import { overwritten } from "./causal";
import { Relation } from "./relation";
import { cycleVerdict, thinAirVerdict } from "./verdict";
import type { ConsistencyVerdict } from "./verdict";

export type SessionGuarantee =
  "read your writes" | "monotonic reads" | "monotonic writes" | "writes follow reads";

export const sessionGuarantees: readonly SessionGuarantee[] = [
  "read your writes",
  "monotonic reads",
  "monotonic writes",
  "writes follow reads",
];

export interface SessionOptions {
  /**
   * Whether a write answered before another was called counts as the earlier one: true for stores
   * with one leader for a key (default), false where clocks or chance order the writes.
   */
  readonly isRealTime?: boolean;
  /** Named in errors; default "history". */
  readonly source?: string;
}

/**
 * Throws InputError for operations other than read and write, or a value written twice to a key.
 */
export function checkSessionGuarantee(
  history: History,
  guarantee: SessionGuarantee,
  options: SessionOptions = {},
): ConsistencyVerdict {
  const accesses = accessesOf(history, options.source);
  if (accesses.thinAir !== undefined) return thinAirVerdict(guarantee, accesses.thinAir);
  const order = new Relation(accesses.all);
  const isOfReads = guarantee === "read your writes" || guarantee === "monotonic reads";
  for (const writes of accesses.writes.values()) {
    addInitial(order, writes);
    if (isOfReads && options.isRealTime !== false) addRealTime(order, writes);
  }
  for (const session of accesses.sessions.values()) follow(order, session, guarantee);
  const cycle = order.shortestCycle();
  if (cycle !== undefined) return cycleVerdict(guarantee, cycle);
  return { kind: "holds", level: guarantee, operations: operationsIn(accesses) };
}

/** All four, in Terry's order. */
export function checkSessionGuarantees(
  history: History,
  options: SessionOptions = {},
): ConsistencyVerdict[] {
  return sessionGuarantees.map((guarantee) => checkSessionGuarantee(history, guarantee, options));
}

/** Walks through a session, and adds what the guarantee demands of the order of writes. */
function follow(order: Relation, session: readonly Access[], guarantee: SessionGuarantee): void {
  const known = new Map<string, Set<Access>>();
  const seen = new Set<Access>();
  let lastWrite: Access | undefined;
  for (const access of session) {
    if (access.seen !== undefined) {
      for (const write of known.get(access.key) ?? []) {
        if (write !== access.seen) order.add(overwritten(write, access));
      }
      if (guarantee !== "read your writes") note(known, access.seen);
      seen.add(access.seen);
      continue;
    }
    // A write that was never answered is no write that its client can count on.
    const isAnswered = access.operation?.outcome === "ok";
    if (guarantee === "read your writes" && isAnswered) note(known, access);
    if (guarantee === "monotonic writes" && lastWrite !== undefined) {
      order.add({ from: lastWrite, to: access, reason: "session" });
    }
    if (guarantee === "writes follow reads") {
      for (const from of seen) order.add({ from, to: access, reason: "follows its read" });
    }
    lastWrite = access;
  }
}

function note(known: Map<string, Set<Access>>, write: Access): void {
  const writes = known.get(write.key);
  if (writes === undefined) known.set(write.key, new Set([write]));
  else writes.add(write);
}

function addInitial(order: Relation, [first, ...others]: readonly Access[]): void {
  for (const write of others) order.add({ from: first, to: write, reason: "initial value" });
}

/** Only the closest pairs are named: the rest follows from them. */
function addRealTime(order: Relation, writes: readonly Access[]): void {
  const placed = writes.flatMap((item) => (item.operation ? [{ at: item.operation, item }] : []));
  for (const [from, to] of closestPairs(placed, placed)) {
    order.add({ from, to, reason: "real time" });
  }
}

function operationsIn({ all }: Accesses): number {
  return all.filter(({ operation }) => operation !== undefined).length;
}
