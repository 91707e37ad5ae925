/**
 * What PBFT's nodes say to each other, in the paper's verbs. `replica` or `client` says who said it
 * and `proof` proves that; who brought a message does not matter, but for a status. Bodies that are
 * asked for by their digest (`batch`, `statePages`, `statePage`) need no proof.
 */
import type { NodeId } from "../../protocol";

/** SHA-256 as 43 characters of base64url. */
export type Digest = string;

/** A signature, or a code for each receiver: see `Authentication`. */
export type Proof = string | Readonly<Record<NodeId, string>>;

/** `command` changes the machine's state, `query` only reads it. */
export type PbftOperation = { readonly command: unknown } | { readonly query: unknown };

/** <REQUEST, o, t, c> (section 4.1). */
export interface PbftRequest {
  readonly type: "request";
  readonly client: NodeId;
  /** Grows with every request of a client: that is how each is done once. From 1. */
  readonly timestamp: number;
  readonly operation: PbftOperation;
  /** Asks each replica to answer at once, without an order (section 5.1). */
  readonly isReadOnly: boolean;
  readonly proof: Proof;
}

/** <REPLY, v, t, c, i, r> (section 4.1). */
export interface PbftReply {
  readonly type: "reply";
  readonly view: number;
  readonly timestamp: number;
  readonly client: NodeId;
  readonly replica: NodeId;
  readonly isReadOnly: boolean;
  readonly result: unknown;
  readonly proof: Proof;
}

/** <PRE-PREPARE, v, n, d>, m (section 4.2), with a batch for m. */
export interface PrePrepare {
  readonly type: "prePrepare";
  readonly view: number;
  readonly sequence: number;
  readonly digest: Digest;
  /** The batch; null where only its digest is told. Not covered by the proof, but by `digest`. */
  readonly requests: readonly PbftRequest[] | null;
  readonly replica: NodeId;
  readonly proof: Proof;
}

/** <PREPARE, v, n, d, i> (section 4.2). */
export interface Prepare {
  readonly type: "prepare";
  readonly view: number;
  readonly sequence: number;
  readonly digest: Digest;
  readonly replica: NodeId;
  readonly proof: Proof;
}

/** <COMMIT, v, n, d, i> (section 4.2). */
export interface Commit {
  readonly type: "commit";
  readonly view: number;
  readonly sequence: number;
  readonly digest: Digest;
  readonly replica: NodeId;
  readonly proof: Proof;
}

/** <CHECKPOINT, n, d, i> (section 4.3). Signed in both kinds of authentication. */
export interface Checkpoint {
  readonly type: "checkpoint";
  readonly sequence: number;
  /** Of the state after the batch of this sequence number. */
  readonly digest: Digest;
  readonly replica: NodeId;
  readonly proof: Proof;
}

/** A pre-prepare and the prepares of a quorum less one: proves to anybody that it was prepared. */
export interface PreparedProof {
  readonly kind: "proof";
  /** Without its requests. */
  readonly prePrepare: PrePrepare;
  readonly prepares: readonly Prepare[];
}

/** Its sender says that this was prepared; believed as far as other senders agree. */
export interface PreparedClaim {
  readonly kind: "claim";
  readonly sequence: number;
  readonly view: number;
  readonly digest: Digest;
}

/** Its sender says that it pre-prepared this digest, in this view last. */
export interface PrePreparedClaim {
  readonly sequence: number;
  readonly view: number;
  readonly digest: Digest;
}

/**
 * <VIEW-CHANGE, v+1, n, C, P, i> (section 4.4). Signed in both kinds of authentication. With
 * signatures `prepared` are proofs; with codes, which prove nothing to others, they are claims,
 * and `prePrepared` is the set Q of the paper's version of 2002.
 */
export interface ViewChange {
  readonly type: "viewChange";
  /** The view that is asked for. */
  readonly view: number;
  /** n: the sender's stable checkpoint. */
  readonly stableSequence: number;
  /** C: the quorum of messages that makes it stable; empty for the beginning. */
  readonly checkpointProof: readonly Checkpoint[];
  /** P: what was prepared after n, a certificate a sequence number. */
  readonly prepared: readonly (PreparedProof | PreparedClaim)[];
  /** Q: what was pre-prepared after n; empty with signatures. */
  readonly prePrepared: readonly PrePreparedClaim[];
  readonly replica: NodeId;
  readonly proof: Proof;
}

/** <NEW-VIEW, v+1, V, O> (section 4.4). Signed in both kinds of authentication. */
export interface NewView {
  readonly type: "newView";
  readonly view: number;
  /** V: a quorum of valid messages for this view. */
  readonly viewChanges: readonly ViewChange[];
  /** O: the batches that the new view begins with, by their digests. */
  readonly prePrepares: readonly PrePrepare[];
  readonly replica: NodeId;
  readonly proof: Proof;
}

/** How far a replica that waits has come, so that others repeat what it lacks. */
export interface Status {
  readonly type: "status";
  readonly view: number;
  readonly isActive: boolean;
  readonly lastExecuted: number;
  readonly stableSequence: number;
  readonly replica: NodeId;
  readonly proof: Proof;
}

/** What its sender has executed: f + 1 that say the same teach another one, see `learning.ts`. */
export interface Executed {
  readonly type: "executed";
  readonly sequence: number;
  readonly digest: Digest;
  readonly replica: NodeId;
  readonly proof: Proof;
}

/** Asks for the requests behind a digest. */
export interface FetchBatch {
  readonly type: "fetchBatch";
  readonly sequence: number;
  readonly digest: Digest;
  readonly replica: NodeId;
  readonly proof: Proof;
}

export interface Batch {
  readonly type: "batch";
  readonly sequence: number;
  readonly digest: Digest;
  readonly requests: readonly PbftRequest[];
}

/** Asks for the state of a checkpoint: its list of pages, or one of them. */
export interface FetchState {
  readonly type: "fetchState";
  readonly sequence: number;
  readonly digest: Digest;
  /** Null: the list. */
  readonly page: number | null;
  readonly replica: NodeId;
  readonly proof: Proof;
}

/** The digests of all pages, which together have the checkpoint's digest. */
export interface StatePages {
  readonly type: "statePages";
  readonly sequence: number;
  readonly pages: readonly Digest[];
}

export interface StatePage {
  readonly type: "statePage";
  readonly sequence: number;
  readonly page: number;
  readonly text: string;
}

/** One more thing for a client to do; of the sender "outside" alone, since replicas may lie. */
export interface PbftSubmit {
  readonly type: "submit";
  readonly operation: PbftOperation;
}

/** Said by a replica under its proof. */
export type ReplicaMessage =
  | PrePrepare
  | Prepare
  | Commit
  | Checkpoint
  | ViewChange
  | NewView
  | Status
  | Executed
  | FetchBatch
  | FetchState
  | PbftReply;

export type ProvenMessage = PbftRequest | ReplicaMessage;

export type PbftMessage = ProvenMessage | Batch | StatePages | StatePage | PbftSubmit;

/** `request` and `newView` lead to a view change; the last two are a client's. */
export type PbftTimer = "request" | "newView" | "status" | "heartbeat" | "retry" | "think";

/** A message before it is proven. */
export type Unproven<M extends ProvenMessage> = Omit<M, "proof">;

/** Two messages of which no correct sender says both: see `checkEvidence`. */
export interface PbftEvidence {
  readonly accused: NodeId;
  readonly first: ReplicaMessage;
  readonly second: ReplicaMessage;
}
