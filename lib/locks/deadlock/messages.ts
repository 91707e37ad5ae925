/** What transactions, the sites of their locks and a detector tell each other. */
import { inRange, oneOf, wholeInRange } from "../../basics";
import type { NodeId } from "../../protocol";

/**
 * How deadlocks are dealt with: not at all; by giving up after a while; by one node that draws the
 * whole wait-for graph; by probes along its edges; or by never letting one arise.
 */
export type DeadlockPolicy =
  "none" | "timeout" | "central" | "edgeChasing" | "waitDie" | "woundWait";

export const deadlockPolicies: readonly DeadlockPolicy[] = [
  ...(["none", "timeout", "central", "edgeChasing", "waitDie", "woundWait"] as const),
];

/** One attempt at a transaction; its age stays when it is tried again. */
export interface Transaction {
  /** Of this attempt alone. */
  readonly id: string;
  readonly client: NodeId;
  readonly begunMs: number;
}

export type DeadlockMessage =
  | { readonly type: "lock"; readonly transaction: Transaction; readonly item: string }
  | { readonly type: "granted"; readonly transaction: string; readonly item: string }
  /** Whatever it has or waits for here is free again; or one item of it. */
  | { readonly type: "unlock"; readonly transaction: string; readonly item?: string }
  /** The policy asks for an end of this attempt. */
  | { readonly type: "abort"; readonly transaction: string }
  /** From each site to the detector: who waits here for whom. */
  | { readonly type: "edges"; readonly edges: readonly (readonly [Transaction, Transaction])[] }
  /** To a holder that may wait itself: somebody waits for it. */
  | { readonly type: "probe"; readonly initiator: Transaction; readonly to: string }
  /** From a holder that waits on to the site where it does. */
  | { readonly type: "chase"; readonly initiator: Transaction; readonly transaction: string };

export type DeadlockTimer =
  "next" | "work" | "timeout" | "report" | { readonly probe: string; readonly item: string };

export interface DeadlockOptions {
  readonly policy: DeadlockPolicy;
  /** Locks of a transaction, all at different items; 1 to 20, default 3. */
  readonly itemsEach: number;
  /** Items there are in all; fewer, more contention. Default 24. */
  readonly items: number;
  /** Mean time of work with all locks held, exponential, in ms. Default 10. */
  readonly workMs: number;
  /** Mean pause of a client between transactions. Default 20 ms. */
  readonly thinkMs: number;
  /** "timeout" gives up after waiting so long. Default 200 ms. */
  readonly timeoutMs: number;
  /** "central": sites report so often. "edgeChasing": who waits so long is asked after. 50 ms. */
  readonly detectMs: number;
  /** Mean pause before an aborted transaction is tried again. Default 20 ms. */
  readonly backoffMs: number;
  /** False: half of the locks are given back before the end, so that what was seen may be past. */
  readonly isTwoPhase: boolean;
}

export const deadlockDefaults: DeadlockOptions = {
  policy: "central",
  itemsEach: 3,
  items: 24,
  workMs: 10,
  thinkMs: 20,
  timeoutMs: 200,
  detectMs: 50,
  backoffMs: 20,
  isTwoPhase: true,
};

/** With the defaults. Throws a RangeError that names the option that is wrong. */
export function deadlockOptions(given: Partial<DeadlockOptions>): DeadlockOptions {
  const options = { ...deadlockDefaults, ...given };
  oneOf("policy", options.policy, deadlockPolicies);
  wholeInRange("itemsEach", options.itemsEach, { min: 1, max: 20 });
  wholeInRange("items", options.items, { min: options.itemsEach, max: 100_000 });
  for (const name of ["workMs", "thinkMs", "timeoutMs", "detectMs", "backoffMs"] as const) {
    inRange(name, options[name], { min: 0.1, max: 60_000 });
  }
  return options;
}

/** The older one has begun earlier; the name decides between those of the same moment. */
export function isOlder(one: Transaction, other: Transaction): boolean {
  if (one.begunMs !== other.begunMs) return one.begunMs < other.begunMs;
  return one.client < other.client;
}
