/** The knobs of a distributed cache, each with its unit, its default and how to choose it. */
import { inRange, oneOf, wholeInRange, withDefaults } from "../../basics";
import type { NodeId } from "../../protocol";
import type { CacheOperation } from "./messages";

/**
 * "aside": the client writes the database, then deletes the key from the cache. "around": it writes
 * the database alone; the cache is stale until the TTL ends. "log": so it does too, and a
 * `CacheInvalidator` beside the database deletes what its log says was written. "through": the
 * key's server writes the database, then itself. "back": it writes itself, and the database later.
 */
export type WritePolicy = "aside" | "around" | "log" | "through" | "back";

/**
 * Who may fill a key after a miss. "any": everybody, at any time, so that a slow reader puts an old
 * row back. "leases": who has the key's lease, which a delete takes away. "versions": everybody,
 * but no row older than the last delete said.
 */
export type RefillPolicy = "any" | "leases" | "versions";

/** What servers and clients have to agree on. */
export interface CacheOptions {
  /** The node that has the truth; default "db". */
  readonly database: NodeId;
  /** Servers that stand in for others that do not answer; default none. About 1 in 100. */
  readonly gutters: readonly NodeId[];
  /** Default "aside". */
  readonly writes: WritePolicy;
  /** Default "leases". */
  readonly refills: RefillPolicy;
  /** How long a row is fresh, counted from the miss that led to it; default 60,000 ms. */
  readonly ttlMs: number;
  /**
   * The same for "there is no such row"; 0: that is not kept. At most `ttlMs`; default 5,000 or
   * `ttlMs`, the lesser.
   */
  readonly negativeTtlMs: number;
  /** So long after its end a row may be answered while one client loads it anew; default 0. */
  readonly staleMs: number;
  /** Beta of XFetch: 1 reloads rows before their end at the right moment; 0, the default: off. */
  readonly earlyBeta: number;
  /** Servers that may have a hot key; default 1. Each write has to delete the key at all. */
  readonly hotReplicas: number;
}

export interface CacheServerOptions extends CacheOptions {
  /** Rows that fit in; the least recently used goes first. Default 10,000. */
  readonly capacity: number;
  /** After so long a lease that was not used is given to another; default 10,000 ms. */
  readonly leaseMs: number;
  /**
   * A key has one new lease at most in so long, even where a delete took the last one away; the
   * rest wait. Default 0: no limit. A few loads long where keys are both read and written often.
   */
  readonly leaseEveryMs: number;
  /** A key is hot above this share of the gets; default 0.05. */
  readonly hotShare: number;
  /** Gets that are counted together; default 1,000. */
  readonly hotWindow: number;
  /** A get takes so long, one after the other; default 0 ms. */
  readonly serviceMs: number;
  /** Gets that wait, and writes of one key that wait; more are refused. Default 10,000. */
  readonly maxQueue: number;
  /** Write-back: dirty rows are stored so often; default 100 ms. All that a crash may lose. */
  readonly flushMs: number;
  /** Write-through: a store that was not answered is sent again; default 100 ms. */
  readonly replyMs: number;
}

export interface CacheClientOptions extends CacheOptions {
  /** Done in this order; more may come as `submit`. Default none. */
  readonly operations: readonly CacheOperation[];
  /** How many of them at once; default 1. */
  readonly parallel: number;
  /** Pause before the next of them, in ms; default 0. */
  readonly thinkMs: number;
  /** Reads of one key that come together ask once; default true. */
  readonly isCoalescing: boolean;
  /** A server that has not answered by then is suspected; default 20 ms. */
  readonly replyMs: number;
  /** So long it is left alone, then tried again; default 1,000 ms. */
  readonly suspectMs: number;
  /** The database, or a server that writes, is given up after so long; default 1,000 ms. */
  readonly loadMs: number;
  /** Told to wait, a client asks again after so long; default 5 ms. */
  readonly waitMs: number;
  /** After so many waits it asks the database itself; default 100. */
  readonly maxWaits: number;
  /** Deletes are repeated for so long; default 300 ms. */
  readonly invalidateMs: number;
  /**
   * When a server could not be told of a write by then. "report": the write ends as an "info", done
   * but perhaps not seen by all before the TTL ends. "waitTtl": it ends when the TTL has.
   */
  readonly unreachable: "report" | "waitTtl";
  /** By so much clocks may run fast or slow, as a share, for `waitTtl`; default 0.05. */
  readonly maxDrift: number;
}

const shared: CacheOptions = {
  database: "db",
  gutters: [],
  writes: "aside",
  refills: "leases",
  ttlMs: 60_000,
  negativeTtlMs: 5_000,
  staleMs: 0,
  earlyBeta: 0,
  hotReplicas: 1,
};

const serverDefaults: CacheServerOptions = {
  ...shared,
  capacity: 10_000,
  leaseMs: 10_000,
  leaseEveryMs: 0,
  hotShare: 0.05,
  hotWindow: 1_000,
  serviceMs: 0,
  maxQueue: 10_000,
  flushMs: 100,
  replyMs: 100,
};

const clientDefaults: CacheClientOptions = {
  ...shared,
  operations: [],
  parallel: 1,
  thinkMs: 0,
  isCoalescing: true,
  replyMs: 20,
  suspectMs: 1_000,
  loadMs: 1_000,
  waitMs: 5,
  maxWaits: 100,
  invalidateMs: 300,
  unreachable: "report",
  maxDrift: 0.05,
};

/** With the defaults; throws a RangeError that names what is wrong. */
export function cacheServerOptions(given: Partial<CacheServerOptions>): CacheServerOptions {
  const options = withNegativeTtl(given, withDefaults("a cache server", serverDefaults, given));
  checkShared(options);
  wholeInRange("capacity", options.capacity, { min: 1, max: 2 ** 26 });
  wholeInRange("hotWindow", options.hotWindow, { min: 1, max: 2 ** 26 });
  wholeInRange("maxQueue", options.maxQueue, { min: 1, max: 2 ** 26 });
  inRange("hotShare", options.hotShare, { min: 0, max: 1 });
  inRange("leaseMs", options.leaseMs, duration);
  for (const name of ["leaseEveryMs", "serviceMs"] as const) {
    inRange(name, options[name], { ...duration, min: 0 });
  }
  for (const name of ["flushMs", "replyMs"] as const) inRange(name, options[name], duration);
  return options;
}

/** With the defaults; throws a RangeError that names what is wrong. */
export function cacheClientOptions(given: Partial<CacheClientOptions>): CacheClientOptions {
  const options = withNegativeTtl(given, withDefaults("a cache client", clientDefaults, given));
  checkShared(options);
  oneOf("unreachable", options.unreachable, ["report", "waitTtl"]);
  wholeInRange("parallel", options.parallel, { min: 1, max: 10_000 });
  wholeInRange("maxWaits", options.maxWaits, { min: 0, max: 1_000_000 });
  inRange("thinkMs", options.thinkMs, { ...duration, min: 0 });
  inRange("maxDrift", options.maxDrift, { min: 0, max: 1 });
  for (const name of ["replyMs", "suspectMs", "loadMs", "waitMs", "invalidateMs"] as const) {
    inRange(name, options[name], duration);
  }
  return options;
}

const duration = { min: 0.001, max: 86_400_000 };

/** The default of one, by another that was given. */
function withNegativeTtl<O extends CacheOptions>(given: Partial<O>, options: O): O {
  if (given.negativeTtlMs !== undefined) return options;
  return { ...options, negativeTtlMs: Math.min(options.negativeTtlMs, options.ttlMs) };
}

function checkShared(options: CacheOptions): void {
  oneOf("writes", options.writes, ["aside", "around", "log", "through", "back"]);
  oneOf("refills", options.refills, ["any", "leases", "versions"]);
  inRange("ttlMs", options.ttlMs, duration);
  inRange("negativeTtlMs", options.negativeTtlMs, { min: 0, max: options.ttlMs });
  inRange("staleMs", options.staleMs, { ...duration, min: 0 });
  inRange("earlyBeta", options.earlyBeta, { min: 0, max: 1_000 });
  wholeInRange("hotReplicas", options.hotReplicas, { min: 1, max: 100 });
  const isWriter = options.writes === "through" || options.writes === "back";
  if (isWriter && (options.hotReplicas > 1 || options.gutters.length > 0)) {
    // A server that writes for its clients is the only one that knows the row.
    throw new RangeError(`writes "${options.writes}" goes with no gutters and no hot replicas`);
  }
}
