/**
 * What HotStuff's replicas and their clients tell each other, in the paper's words; "generic"
 * messages are proposals here, and `decide` is what basic HotStuff ends with.
 *
 * Source: Yin et al. 2019, sections 4 and 5. Ours adds fetching, which the paper leaves to
 * implementations, and the proof with which a leader enters office.
 */
import type { NodeId } from "../../protocol";

/** By replica. */
export type Signatures = Readonly<Record<NodeId, string>>;

/**
 * A quorum certificate: n - f replicas have voted for this block in this view. The paper combines
 * their votes into one threshold signature of constant size; ours lists n - f signatures of 64
 * bytes, so that a message grows with n. The number of messages is the same.
 */
export interface Certificate {
  readonly view: number;
  /** Digest of the block. */
  readonly block: string;
  readonly signatures: Signatures;
}

export interface Command {
  readonly client: NodeId;
  /** Rises with every command of the client. */
  readonly requestId: number;
  readonly command: unknown;
  /** The client's, over the three others. */
  readonly signature: string;
}

/** A node of the tree: its parent is the block that `justify` certifies. */
export interface Block {
  readonly height: number;
  readonly view: number;
  readonly commands: readonly Command[];
  readonly justify: Certificate;
}

export interface Proposal {
  readonly type: "proposal";
  readonly block: Block;
  /** The leader's, over view and block. */
  readonly signature: string;
  /** Where the view before has no certificate: n - f replicas have asked for this view. */
  readonly timeouts?: Signatures;
}

/** To the leader of the next view. */
export interface Vote {
  readonly type: "vote";
  readonly view: number;
  readonly block: string;
  readonly signature: string;
}

/** Asks for `view`, after a timeout: of its leader alone at first, then of all. */
export interface NewView {
  readonly type: "newView";
  readonly view: number;
  readonly highQC: Certificate;
  /** Over the view alone, so that n - f of them prove that it may begin. */
  readonly signature: string;
  /** What the replica waits for: the new leader may never have heard of it. */
  readonly commands: readonly Command[];
}

/** The last certificate, when there is nothing to propose that could carry it. */
export interface Decide {
  readonly type: "decide";
  readonly certificate: Certificate;
}

/** Send me the blocks up to this one, from above this height on. */
export interface Fetch {
  readonly type: "fetch";
  readonly block: string;
  readonly aboveHeight: number;
}

/** Oldest first, each certified by the one after it. */
export interface Blocks {
  readonly type: "blocks";
  readonly blocks: readonly Block[];
}

/** In place of blocks that are no longer kept; f + 1 equal ones are believed. */
export interface Snapshot {
  readonly type: "snapshot";
  readonly block: Block;
  /** JSON of the machine's state after that block, and of what clients have had executed. */
  readonly data: string;
}

/** A client's, to all replicas. */
export type Request = { readonly type: "request" } & Command;

export interface Reply {
  readonly type: "reply";
  readonly requestId: number;
  readonly result: unknown;
}

/** One more thing for a client to do; of the sender "outside" alone, since replicas may lie. */
export interface Submit {
  readonly type: "submit";
  readonly operation: { readonly command: unknown };
}

export type ReplicaMessage = Proposal | Vote | NewView | Decide | Fetch | Blocks | Snapshot;
export type HotStuffMessage = ReplicaMessage | Request | Reply | Submit;

/** The last two are a client's. */
export type HotStuffTimer = "view" | "fetch" | "retry" | "think";
