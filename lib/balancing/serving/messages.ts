/** What clients, balancers and servers say to each other. */
import type { ErrorAnswer, NodeId } from "../../protocol";

/** Do this. A balancer passes it on under a number of its own, with whose it is. */
export interface Serve {
  readonly type: "serve";
  readonly requestId: number;
  /** For policies that keep a key at one server. */
  readonly key?: string;
  /** Where it comes from, for policies that know distances. */
  readonly region?: string;
  /** It must not be done twice: sent again only when it certainly was not done. */
  readonly isOnce?: boolean;
  /** From a balancer: the client's name and number of it. */
  readonly client?: NodeId;
  readonly clientRequest?: number;
}

export interface Served {
  readonly type: "served";
  readonly requestId: number;
  /** Who has done it. */
  readonly server: NodeId;
}

/** How are you? */
export interface HealthProbe {
  readonly type: "probe";
  readonly requestId: number;
}

export interface HealthAnswer {
  readonly type: "probed";
  readonly requestId: number;
  readonly isWell: boolean;
  readonly inFlight: number;
  /** Of its last requests, in the mean, in ms. */
  readonly latencyMs: number;
}

/** An operator's, to a balancer: a server leaves, stays after all, or is new. */
export type PoolChange =
  | { readonly type: "drain" | "keep"; readonly server: NodeId }
  | { readonly type: "add"; readonly server: NodeId; readonly weight?: number };

/** From outside, to a server: how it fares from now on. */
export interface SetMode {
  readonly type: "mode";
  readonly mode: ServerMode;
}

/**
 * "failing": its checks are well, its requests fail at once; "sick": the other way round; "slow":
 * it takes longer; "silent": it answers checks, and of its requests none.
 */
export type ServerMode = "well" | "failing" | "sick" | "slow" | "silent";

export type BalancingMessage =
  Serve | Served | ErrorAnswer | HealthProbe | HealthAnswer | PoolChange | SetMode;

/** Servers are meant by their numbers in the pool. */
export type BalancingTimer =
  | "interval"
  | "ramp"
  | "next"
  | { readonly check: number }
  | { readonly overdue: number }
  | { readonly circuit: number }
  | { readonly attempt: number }
  | { readonly job: number }
  | { readonly answer: number };
