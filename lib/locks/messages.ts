/**
 * What passes between lock servers, their clients and the resources that locks guard. Commands and
 * answers travel as those of Raft; news of grants come unasked.
 */
import type { RaftMessage, RaftTimer } from "../consensus/raft";
import type { LockMode, LockNews } from "./table";

/** From the leader, as soon as it knows; what is lost comes with the next renewal again. */
export interface LockNewsMessage {
  readonly type: "lockNews";
  readonly session: number;
  readonly news: readonly LockNews[];
}

/** From whoever believes to hold a lock to what it guards. */
export interface UseResource {
  readonly type: "use";
  readonly requestId: number;
  readonly lock: string;
  readonly token: number;
  readonly mode: LockMode;
  /** Rises with every use under one token: late copies of earlier uses are known by it. */
  readonly sequence: number;
  /** The value to write; null: read. */
  readonly write: number | null;
}

export interface ResourceUsed {
  readonly type: "used";
  readonly requestId: number;
  readonly outcome:
    | { readonly kind: "accepted"; readonly value: number }
    /** A greater token has been here: the lock is somebody else's now. */
    | { readonly kind: "stale"; readonly highestToken: number };
}

export type LockMessage = RaftMessage | LockNewsMessage | UseResource | ResourceUsed;

/** A session's: ask again, renew it, its end by the own clock. */
export type LeaseTimer = "retry" | "renew" | "leaseEnd";

/** The last ones are a client's: work, an answer, and those of its session with each group. */
export type LockTimer = RaftTimer | LeaseTimer | "work" | "use" | `${number}/${LeaseTimer}`;
