/**
 * All that a Raft server knows, as plain data: what it saves, what it forgets in a crash, and what
 * it holds only while it leads (figure 3.1 of the thesis).
 */
import type { Host, NodeId } from "../../protocol";
import type { Log } from "./log";
import type { Machine } from "./machines/machine";
import type { Membership, MembershipEntry } from "./membership";
import type { Answer, RaftMessage, RaftTimer } from "./messages";
import type { RaftOptions } from "./options";
import type { Rules } from "./rules";
import type { Sessions } from "./sessions";

export type RaftHost = Host<RaftMessage, RaftTimer>;
export type Role = "follower" | "preCandidate" | "candidate" | "leader";

export interface RaftState {
  readonly id: NodeId;
  readonly options: RaftOptions;
  readonly rules: Rules;
  readonly machine: Machine;

  // Saved before any answer leaves.
  currentTerm: number;
  votedFor: NodeId | null;
  log: Log;
  snapshot: Snapshot | null;

  // Follows from what is saved.
  /** Oldest first; the last one counts, committed or not (section 4.1). */
  memberships: MembershipEntry[];

  // Forgotten in a crash.
  role: Role;
  leader: NodeId | null;
  /** When the current leader was last heard, by the own clock. */
  heardMs: number;
  commitIndex: number;
  lastApplied: number;
  machineState: unknown;
  sessions: Sessions;
  votes: Map<NodeId, boolean>;
  incoming: IncomingSnapshot | null;
  leadership: Leadership | null;
}

/** The state after `index`, in place of the log up to there. */
export interface Snapshot {
  readonly index: number;
  readonly term: number;
  readonly membership: Membership;
  /** JSON text of the machine's state and the sessions; see `Rules.snapshotContent`. */
  readonly data: string;
}

/** Parts of a snapshot that have arrived. */
export interface IncomingSnapshot {
  readonly index: number;
  /** Of the leader that sends it: parts of two leaders' snapshots need not fit together. */
  readonly byTerm: number;
  /** All parts up to the first that is missing. */
  data: string;
  /** Parts beyond that one, by their offsets. */
  readonly early: Map<number, { readonly data: string; readonly isDone: boolean }>;
}

export interface Leadership {
  /** Of everybody who is sent the log, without the leader itself. */
  readonly progress: Map<NodeId, Progress>;
  /** The index of the no-op this leader began with. */
  readonly firstIndex: number;
  /** With parallel writes: entries of this step that are not saved yet. */
  unsaved: number[];
  /** The last entry known to be saved, and the last one asked about; see `countsWhenSaved`. */
  savedIndex: number;
  askedIndex: number;
  /** Of the last AppendEntries that was sent. */
  round: number;
  /** The first round of the last broadcast. */
  broadcastRound: number;
  /** Clients that wait for an entry to be applied, by its index. */
  readonly pending: Map<number, Asker>;
  reads: PendingRead[];
  transfer: Transfer | null;
  change: MembershipChange | null;
  /** True once TimeoutNow was sent: that election does not wait for leases to end. */
  isLeaseForfeited: boolean;
}

/** What a leader knows of another member; names of the states after etcd-io/raft's tracker. */
export interface Progress {
  /** probe: one message until its log is known to match; replicate: pipelined. */
  state: "probe" | "replicate" | "snapshot";
  nextIndex: number;
  matchIndex: number;
  /** Messages with entries that are not answered, oldest first. */
  inFlight: { readonly round: number; readonly lastIndex: number }[];
  /** The latest round it has answered, and when that was sent, by the leader's clock. */
  ackedRound: number;
  ackedSentMs: number;
  heardMs: number;
  outgoing: OutgoingSnapshot | null;
}

/** A snapshot on its way to a follower; offsets are characters. */
export interface OutgoingSnapshot {
  readonly snapshot: Snapshot;
  /** The follower has all before this. */
  acknowledged: number;
  /** Where the next part begins. */
  next: number;
  /** What the follower asked for last; less than acknowledged after it has started again. */
  wanted: number;
  /** The round before the last part was sent. */
  round: number;
}

/** Who waits for an answer. */
export interface Asker {
  readonly from: NodeId;
  readonly requestId: number;
}

export interface PendingRead extends Asker {
  readonly query: unknown;
  readonly isLease: boolean;
  /** Must be applied before the read (readIndex of section 6.4). */
  readonly index: number;
  /** A quorum must have answered a message of this round or a later one. */
  readonly round: number;
}

export interface Transfer extends Asker {
  readonly to: NodeId;
  isSent: boolean;
}

export interface MembershipChange extends Asker {
  readonly target: Membership;
  /** To go back to when newcomers cannot catch up. */
  readonly origin: Membership;
  /** Rounds of catching up (section 4.2.1): each takes over what the log held at its beginning. */
  rounds: number;
  roundEndIndex: number;
  roundStartMs: number;
}

/** The membership that counts: the latest one in the log, committed or not. */
export function membershipOf(raft: RaftState): Membership {
  return raft.memberships[raft.memberships.length - 1].membership;
}

export function answer(host: RaftHost, to: Asker, body: Answer): void {
  host.send(to.from, { type: "answer", requestId: to.requestId, ...body });
}
