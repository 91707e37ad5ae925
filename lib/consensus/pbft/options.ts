/** The knobs of a PBFT replica, each with its unit, its default and how to choose it. */
import { inRange, wholeInRange, withDefaults } from "../../basics";
import type { NodeId } from "../../protocol";
import { checkAuthentication, defaultAuthentication } from "./authentication";
import type { AuthenticationOptions } from "./authentication";

export interface PbftOptions extends AuthenticationOptions {
  /**
   * All replicas in one order, the same for all: the primary of view v is number v mod n. Default:
   * this node and its peers, shorter names first (n1, n2, ... n10).
   */
  readonly replicas: readonly NodeId[] | null;
  /** The state machine by name, as Raft's: "kv", "payments", or a registered one. Default "kv". */
  readonly machine: string;
  /** Requests in one batch, at most; default 64. 1: every request has its own agreement. */
  readonly maxBatchRequests: number;
  /**
   * Batches that are under way at once; what comes meanwhile makes the next batch. Few make large
   * batches, many short queues. Default 4.
   */
  readonly maxInFlight: number;
  /** K: a checkpoint is taken every so many sequence numbers; default 100 (section 4.3). */
  readonly checkpointEvery: number;
  /** L: from the low watermark to the high one; twice `checkpointEvery`. Default 200. */
  readonly watermarkWindow: number;
  /**
   * T: a backup that waits so long for the oldest request it knows asks for the next view; each
   * further view waits twice as long. Many times the usual latency. Default 1,000 ms.
   */
  readonly requestTimeoutMs: number;
  /** The doubling ends here; default 60,000 ms. */
  readonly maxTimeoutMs: number;
  /**
   * A replica that waits for something tells so often how far it is, and others repeat what it
   * lacks: the paper leaves lost messages to this. A few round trips. Default 100 ms.
   */
  readonly statusMs: number;
  /**
   * So often a replica tells how far it is though it waits for nothing: else one that was cut off
   * while others did all there was to do would not know. Seconds; default null: never.
   */
  readonly heartbeatMs: number | null;
  /** Characters of a page of the state, as it is transferred; default 16,384. */
  readonly statePageLength: number;
  /**
   * Clients that are ever served: the last answer of each is kept, and those who come later are
   * answered { kind: "tooManyClients" }. More than there are keys of clients. Default 10,000.
   */
  readonly maxClients: number;
}

export const defaultPbftOptions: PbftOptions = {
  ...defaultAuthentication,
  replicas: null,
  machine: "kv",
  maxBatchRequests: 64,
  maxInFlight: 4,
  checkpointEvery: 100,
  watermarkWindow: 200,
  requestTimeoutMs: 1_000,
  maxTimeoutMs: 60_000,
  statusMs: 100,
  heartbeatMs: null,
  statePageLength: 16_384,
  maxClients: 10_000,
};

const dayMs = 86_400_000;

/** The options with their defaults. Throws a RangeError that names the first one that is wrong. */
export function pbftOptions(given: Partial<PbftOptions>): PbftOptions {
  const options = withDefaults("Pbft", defaultPbftOptions, given);
  checkAuthentication(options);
  for (const name of [
    "maxBatchRequests",
    "maxInFlight",
    "checkpointEvery",
    "statePageLength",
    "maxClients",
  ] as const) {
    wholeInRange(name, options[name], { min: 1, max: 2 ** 31 });
  }
  const { checkpointEvery, requestTimeoutMs } = options;
  wholeInRange("watermarkWindow", options.watermarkWindow, { min: checkpointEvery, max: 2 ** 31 });
  inRange("requestTimeoutMs", requestTimeoutMs, { min: 1, max: dayMs });
  inRange("maxTimeoutMs", options.maxTimeoutMs, { min: requestTimeoutMs, max: dayMs });
  inRange("statusMs", options.statusMs, { min: 1, max: dayMs });
  inRange("heartbeatMs", options.heartbeatMs ?? dayMs, { min: 1, max: dayMs });
  return options;
}

/** In the order of the views: shorter names first, then by their letters. */
export function inViewOrder(ids: readonly NodeId[]): readonly NodeId[] {
  return [...ids].sort((one, other) => {
    return one.length - other.length || (one < other ? -1 : one > other ? 1 : 0);
  });
}
