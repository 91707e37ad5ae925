/** All that a PBFT replica knows, as plain data: what it saves, and what it forgets in a crash. */
import type { Host, NodeId } from "../../protocol";
import type { Machine } from "../raft/machines";
import { authenticationOf } from "./authentication";
import type { Authentication } from "./authentication";
import { textOf } from "./encoding";
import type {
  Checkpoint,
  Commit,
  Digest,
  Executed,
  NewView,
  PbftEvidence,
  PbftMessage,
  PbftRequest,
  PbftTimer,
  PrePrepare,
  Prepare,
  PreparedClaim,
  PreparedProof,
  ProvenMessage,
  ReplicaMessage,
  Unproven,
  ViewChange,
} from "./messages";
import type { PbftOptions } from "./options";
import type { ClusterSize, PbftRules } from "./rules";

export type PbftHost = Host<PbftMessage, PbftTimer>;

/** Why a message from outside was not used. */
export type DropReason =
  /** It has not the form of any message. */
  | "shape"
  /** It is said to be of somebody who does not say such things. */
  | "sender"
  | "proof"
  | "view"
  | "watermarks"
  | "digest"
  /** It contradicts what its sender has said before. */
  | "conflict"
  /** A view change or new view whose parts do not prove it. */
  | "certificate"
  /** Nobody asked for it, or it is known. */
  | "unneeded"
  /** There is no more room for requests. */
  | "full";

/** One sequence number, in the current view. */
export interface Slot {
  readonly sequence: number;
  /** Of the current view; without its requests, which are in `batches`. */
  prePrepare: PrePrepare | null;
  /** Of the current view too, but not taken yet: its requests are missing, or not proven here. */
  held: PrePrepare | null;
  /** By replica; of the current view, whatever digest they name. */
  prepares: Map<NodeId, Prepare>;
  commits: Map<NodeId, Commit>;
  isPrepared: boolean;
  isCommitted: boolean;
  /** The last certificate that this sequence number got, in this view or an earlier one. */
  prepared: PreparedProof | PreparedClaim | null;
  /** In which view each digest was pre-prepared last. */
  prePrepared: Map<Digest, number>;
  /** Commits of earlier views that come while this replica waits for the next: `learning.ts`. */
  lessons: Map<NodeId, Commit>;
  /** What others say that they have executed here; the first word of each. */
  told: Map<NodeId, Executed>;
  /** What enough of them say was committed or executed; null: nothing yet. */
  learned: Digest | null;
  /** What this replica has executed here, in whatever view. */
  executed: Digest | null;
  /** Requests by the digests that may still be asked for. */
  batches: Map<Digest, readonly PbftRequest[]>;
}

/** The answer that a client may still ask for. */
export interface LastReply {
  readonly timestamp: number;
  readonly result: unknown;
}

/** A state that this replica has, by the text of its pages. */
export interface Snapshot {
  readonly digest: Digest;
  readonly pages: readonly string[];
  readonly pageDigests: readonly Digest[];
}

/** A checkpoint with the messages that make it stable. */
export interface StableCheckpoint {
  readonly sequence: number;
  readonly digest: Digest;
  readonly proof: readonly Checkpoint[];
}

/** A state that is being fetched. */
export interface StateTransfer {
  readonly target: StableCheckpoint;
  /** Null until the list has come. */
  pages: readonly Digest[] | null;
  /** Pages that are here, by their digests; those of an earlier target are kept until then. */
  texts: Map<Digest, string>;
  /** What has been asked for and not come. */
  asked: Set<Digest>;
  /** Whose turn it is to be asked, by its place. */
  turn: number;
}

/** A read-only request that waits until this sequence number is executed. */
export interface WaitingRead {
  readonly request: PbftRequest;
  readonly after: number;
}

export interface PbftState {
  readonly id: NodeId;
  readonly options: PbftOptions;
  readonly rules: PbftRules;
  readonly machine: Machine;
  readonly authentication: Authentication;
  /** In the order of the views. */
  readonly replicas: readonly NodeId[];
  readonly size: ClusterSize;

  // Saved before any message that follows from it leaves.
  view: number;
  /** False from the own view change until the new view. */
  isActive: boolean;
  stable: StableCheckpoint;
  slots: Map<number, Slot>;
  ownViewChange: ViewChange | null;
  newView: NewView | null;

  // Forgotten in a crash, and found again by executing or from others.
  lastExecuted: number;
  machineState: unknown;
  replies: Map<NodeId, LastReply>;
  /** States at the stable checkpoint and later ones, to compare and to hand out. */
  snapshots: Map<number, Snapshot>;
  checkpoints: Map<number, Map<NodeId, Checkpoint>>;
  viewChanges: Map<NodeId, ViewChange>;
  /** Requests that are known and not executed, oldest first, the newest of each client. */
  pending: Map<NodeId, PbftRequest>;
  /** Of a primary: the clients whose pending request waits for a batch. */
  unproposed: Set<NodeId>;
  lastProposed: number;
  /** The last read-only request of each client that waits for something to be executed. */
  reads: Map<NodeId, WaitingRead>;
  /** The highest sequence number that was prepared here and may be committed. */
  highestPrepared: number;
  /** Messages of the next view, which this replica has not entered yet: see `early.ts`. */
  early: Map<string, PrePrepare | Prepare | Commit>;
  /** A stable checkpoint that is known, but whose state is not here. */
  missing: StableCheckpoint | null;
  transfer: StateTransfer | null;
  /** View changes in a row without a request executed. */
  attempts: number;
  /** The view whose beginning the timer waits for; null: it does not run. */
  awaitedView: number | null;
  /** The request whose execution the timer waits for; null: it does not run. */
  timed: { readonly client: NodeId; readonly timestamp: number } | null;
  /** What was executed when the status timer was set; null: it is not set. */
  statusMark: number | null;
  /** Statuses that are still to be sent, after a restart or when others seem to be ahead. */
  rejoining: number;
  /** When each replica was last told what it lacks. */
  answeredMs: Map<NodeId, number>;
  /** Messages that were not used, by reason. */
  dropped: Map<DropReason, number>;
  /** What proves that others lied; the first `maxEvidence` against each. */
  evidence: PbftEvidence[];
}

export function primaryOf(pbft: PbftState, view = pbft.view): NodeId {
  return pbft.replicas[view % pbft.replicas.length];
}

export function isPrimary(pbft: PbftState): boolean {
  return primaryOf(pbft) === pbft.id;
}

export function drop(
  pbft: PbftState,
  { reason, message }: { reason: DropReason; message: unknown },
  host: PbftHost,
): void {
  pbft.dropped.set(reason, (pbft.dropped.get(reason) ?? 0) + 1);
  if (reason === "unneeded" || reason === "view" || reason === "watermarks") return;
  const { type } = (message ?? {}) as { type?: unknown };
  host.note("dropped", { reason, type: typeof type === "string" ? type : "?" });
}

/** Also with codes: these must convince third parties. */
const signed: readonly string[] = ["viewChange", "newView", "checkpoint"];

/** The message with its proof to all replicas, or to those named. */
export function prove<M extends ProvenMessage>(
  pbft: PbftState,
  message: Unproven<M>,
  audience: readonly NodeId[] = pbft.replicas,
): M {
  const proof = authenticationFor(pbft, message.type).prove(
    textOf(message as Unproven<ProvenMessage>),
    audience,
  );
  return { ...message, proof } as unknown as M;
}

/** What leads to another view is signed always, and checkpoints too, unlike in section 5.2. */
export function authenticationFor(pbft: PbftState, type: string): Authentication {
  const { id, options, authentication } = pbft;
  if (authentication.isTransferable || !signed.includes(type)) return authentication;
  return authenticationOf(id, { ...options, authentication: "signatures" });
}

export function multicast(pbft: PbftState, message: ReplicaMessage, host: PbftHost): void {
  for (const replica of pbft.replicas) if (replica !== pbft.id) host.send(replica, message);
}

/** The slot of a sequence number, made where it is missing. */
export function slotAt(pbft: PbftState, sequence: number): Slot {
  let slot = pbft.slots.get(sequence);
  if (slot === undefined) {
    slot = {
      sequence,
      prePrepare: null,
      held: null,
      prepares: new Map(),
      commits: new Map(),
      isPrepared: false,
      isCommitted: false,
      prepared: null,
      prePrepared: new Map(),
      lessons: new Map(),
      told: new Map(),
      learned: null,
      executed: null,
      batches: new Map(),
    };
    pbft.slots.set(sequence, slot);
  }
  return slot;
}

/** Forgets what belongs to the current view; certificates and requests stay. */
export function leaveView(pbft: PbftState): void {
  for (const slot of pbft.slots.values()) {
    slot.prePrepare = null;
    slot.held = null;
    slot.prepares = new Map();
    slot.commits = new Map();
    slot.isPrepared = false;
    slot.isCommitted = false;
  }
}

/** Its number is the low watermark; its state may still be on its way here. */
export function provenCheckpoint({ stable, missing }: PbftState): StableCheckpoint {
  return missing ?? stable;
}

/** What leads to the proven checkpoint is taken too: it may be quicker than its state. */
export function isBetweenWatermarks(pbft: PbftState, sequence: number): boolean {
  const { rules, stable, options } = pbft;
  const low = provenCheckpoint(pbft).sequence;
  return sequence > stable.sequence && rules.isInWindow(sequence, low, options.watermarkWindow);
}

/** The timestamp of a client's last request that was executed; 0: none. */
export function servedOf(pbft: PbftState, client: NodeId): number {
  return pbft.replies.get(client)?.timestamp ?? 0;
}
