/** The one shape of all balancing policies: which server takes the next request. */
import type { Pool } from "./pool";

export interface BalancedRequest {
  /** What policies that keep a key at one server go by; default "". */
  readonly key?: string;
  /** Where it comes from, for policies that know distances; default "". */
  readonly region?: string;
  /** When, in ms of any clock that never runs back; default 0. */
  readonly nowMs?: number;
}

/** What a server answers when it is asked how it is. */
export interface ProbeAnswer {
  readonly server: number;
  readonly inFlight: number;
  /** The median of its latencies of late, in ms. */
  readonly latencyMs: number;
}

/** A decision and nothing else: no clock, no socket; its chance comes from a seed. */
export interface Policy {
  readonly pool: Pool;
  /** The index of a server that is open, or -1 when none is. It does not count as sent yet. */
  pick(request?: BalancedRequest): number;
  /** That server has answered after so many ms; the pool has counted it already. */
  answered?(server: number, latencyMs: number, nowMs: number): void;
  /** Of policies that probe: whom to ask after a request, and what was answered. */
  targets?(): readonly number[];
  learn?(answer: ProbeAnswer, nowMs: number): void;
}
