/** What clients and replicas say to each other, all plain JSON. */
import type { Siblings, VersionVector } from "../../clocks";
import type { NodeId } from "../../protocol";
import type { LevelHashes } from "../merkle-tree";
import type { Ballot } from "../cas-register/messages";
import type { Ring, RingChange } from "./ring";

/** A value and when its coordinator's clock says that it was written. */
export interface Cell {
  readonly value: unknown;
  readonly writtenMs: number;
  /** A tombstone: the key has been deleted by whoever had seen what this replaces. */
  readonly isDeleted?: true;
}

export type Versions = Siblings<Cell>;

/** `context`: what an earlier answer has told of the same key; {} for a write that saw nothing. */
export type DynamoRequest =
  | { readonly type: "get"; readonly requestId: number; readonly key: string }
  | {
      readonly type: "put";
      readonly requestId: number;
      readonly key: string;
      readonly value: unknown;
      readonly context: VersionVector;
      /** Deletes what the context covers; the value is not looked at. Default false. */
      readonly isDelete?: boolean;
    }
  /** An operator's. It is begun in its turn, and answered then. */
  | { readonly type: "changeRing"; readonly requestId: number; readonly change: RingChange };

/**
 * `values`: all versions that nobody has replaced or deleted; of a put, its own is among them. The
 * context covers the deleted ones too.
 */
export type DynamoAnswer =
  | {
      readonly type: "answer";
      readonly requestId: number;
      readonly kind: "ok";
      readonly values: readonly unknown[];
      readonly context: VersionVector;
    }
  /**
   * Definite: certainly not done. Else it may have reached some replicas, and may show up later.
   */
  | {
      readonly type: "answer";
      readonly requestId: number;
      readonly kind: "unavailable";
      readonly isDefinite: boolean;
      readonly reason: string;
    };

/** `meant`: the owner that the receiver stands for: itself, or one that cannot be reached. */
export type Store = {
  readonly type: "store";
  readonly operation: string;
  readonly epoch: number;
  readonly key: string;
  readonly versions: Versions;
  readonly meant: NodeId;
};
export type Fetch = {
  readonly type: "fetch";
  readonly operation: string;
  readonly epoch: number;
  readonly key: string;
  readonly meant: NodeId;
};
export type Stored = {
  readonly type: "stored";
  readonly operation: string;
  readonly meant: NodeId;
  /** Of a fetch: what it has. */
  readonly versions: Versions | null;
};
export type StaleRing = {
  readonly type: "staleRing";
  readonly operation: string;
  readonly ring: Ring;
};

export type KeyVersions = readonly [key: string, versions: Versions];

export type Compare = {
  readonly type: "compare";
  readonly partition: number;
  readonly level: number;
  readonly hashes: LevelHashes;
};
/** The roots are the same. */
export type Same = { readonly type: "same"; readonly partition: number; readonly root: string };
export type Sync = {
  readonly type: "sync";
  readonly partition: number;
  readonly buckets: readonly number[];
  readonly entries: readonly KeyVersions[];
  readonly isAnswer: boolean;
};

/** `after`: the last key of the page before; null for the first page. */
export type Stream = {
  readonly type: "stream";
  readonly partition: number;
  readonly ring: Ring;
  readonly after: string | null;
};
export type Streamed = {
  readonly type: "streamed";
  readonly partition: number;
  readonly epoch: number;
  readonly after: string | null;
  readonly entries: readonly KeyVersions[];
  readonly isLast: boolean;
};

/** A ring that was agreed upon in a ballot. */
export interface AcceptedRing {
  readonly ballot: Ballot;
  readonly ring: Ring;
}

/** How a change of the ring is agreed upon; `epoch` is that of the settled ring that it changes. */
export type RingTalk = { readonly epoch: number; readonly ballot: Ballot } & (
  | { readonly type: "ringPrepare" }
  | { readonly type: "ringPromise"; readonly accepted: AcceptedRing | null }
  | { readonly type: "ringAccept"; readonly ring: Ring }
  | { readonly type: "ringAccepted" }
  /** `count`: of a later ballot, to which the voter is bound. */
  | { readonly type: "ringRefuse"; readonly count: number }
);

/** What a client does. */
export type DynamoOperation =
  | { readonly op: "get"; readonly key: string }
  /** After what this client last saw of the key; `isBlind`: as if it had seen nothing. */
  | {
      readonly op: "put";
      readonly key: string;
      readonly value: unknown;
      readonly isBlind?: boolean;
    }
  /** What this client last saw of the key; what it has not seen stays. */
  | { readonly op: "delete"; readonly key: string }
  /** Reads the lists that are there, and writes their union with the item: a shopping cart. */
  | { readonly op: "add"; readonly key: string; readonly item: string }
  | { readonly op: "remove"; readonly key: string; readonly item: string };

export type DynamoMessage =
  /** To a client, from outside: do this too. */
  | { readonly type: "submit"; readonly operation: DynamoOperation }
  | DynamoRequest
  | DynamoAnswer
  | { readonly type: "forward"; readonly client: NodeId; readonly request: DynamoRequest }
  | Store
  | Fetch
  | Stored
  | StaleRing
  | { readonly type: "repair"; readonly key: string; readonly versions: Versions }
  | { readonly type: "handOff"; readonly key: string; readonly versions: Versions }
  | { readonly type: "handedOff"; readonly key: string; readonly versions: Versions }
  | { readonly type: "gossip"; readonly ring: Ring; readonly isAnswer: boolean }
  | Compare
  | Same
  | Sync
  | Stream
  | Streamed
  | RingTalk;

/** The last two are a client's. */
export type DynamoTimer =
  | "gossip"
  | "antiEntropy"
  | "handOff"
  | "stream"
  | "agree"
  | { readonly operation: string }
  | "answer"
  | "think";
