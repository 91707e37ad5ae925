/**
 * What Raft servers and their clients tell each other. Names and fields are those of the thesis;
 * ours adds `round` and `sentMs` to AppendEntries, which its answer repeats: they confirm
 * leadership for reads and leases, and tell which messages were lost.
 *
 * Source: Ongaro 2014, figures 3.1, 4.1, 5.3 and 6.1.
 */
import type { NodeId } from "../../protocol";
import type { Entry, SessionStamp } from "./log";
import type { Membership } from "./membership";
import type { ReadMode } from "./options";

export interface RequestVote {
  readonly type: "requestVote";
  /** Of a pre-vote: the term the candidate would start. */
  readonly term: number;
  readonly lastLogIndex: number;
  readonly lastLogTerm: number;
  readonly isPreVote: boolean;
  /** The leader itself asked for this election (section 3.10), so none is in its way. */
  readonly isTransfer: boolean;
}

export interface RequestVoteAnswer {
  readonly type: "requestVoteAnswer";
  /** Of a granted pre-vote: the term that was asked for; else the voter's. */
  readonly term: number;
  readonly isVoteGranted: boolean;
  readonly isPreVote: boolean;
}

export interface AppendEntries {
  readonly type: "appendEntries";
  readonly term: number;
  readonly prevLogIndex: number;
  readonly prevLogTerm: number;
  /** Empty for a heartbeat. */
  readonly entries: readonly Entry[];
  readonly leaderCommit: number;
  /** Rises with every message of this leader. */
  readonly round: number;
  /** The leader's clock when it sent this. */
  readonly sentMs: number;
}

export interface AppendEntriesAnswer {
  readonly type: "appendEntriesAnswer";
  readonly term: number;
  readonly outcome: AppendOutcome;
  readonly prevLogIndex: number;
  readonly round: number;
  readonly sentMs: number;
}

export type AppendOutcome =
  /** The follower's log is the leader's up to here. */
  | { readonly kind: "matched"; readonly matchIndex: number }
  /** It is not; the hint lets the leader skip a term at a time (section 3.5). */
  | { readonly kind: "conflict"; readonly conflictIndex: number; readonly conflictTerm: number }
  /** The message is of an older term. */
  | { readonly kind: "stale" };

export interface InstallSnapshot {
  readonly type: "installSnapshot";
  readonly term: number;
  readonly lastIndex: number;
  readonly lastTerm: number;
  readonly membership: Membership;
  /** Where in the snapshot this part begins, in characters. */
  readonly offset: number;
  readonly data: string;
  readonly isDone: boolean;
}

export interface InstallSnapshotAnswer {
  readonly type: "installSnapshotAnswer";
  readonly term: number;
  readonly lastIndex: number;
  readonly outcome: InstallOutcome;
}

export type InstallOutcome =
  /** The part that begins at this offset is the next one needed. */
  | { readonly kind: "wants"; readonly offset: number }
  | { readonly kind: "installed" }
  | { readonly kind: "stale" };

/** Start an election at once (section 3.10). */
export interface TimeoutNow {
  readonly type: "timeoutNow";
  readonly term: number;
}

/** A leader to itself: as all messages it leaves when the entries before it are saved. */
export interface Saved {
  readonly type: "saved";
  readonly term: number;
  readonly index: number;
}

export type ClientRequest =
  | { readonly type: "openSession"; readonly requestId: number }
  | {
      readonly type: "command";
      readonly requestId: number;
      readonly command: unknown;
      /** Without it a command that is sent twice may be done twice. */
      readonly session?: SessionStamp;
    }
  | {
      readonly type: "query";
      readonly requestId: number;
      readonly query: unknown;
      /** Default: the server's option `readMode`. */
      readonly readMode?: ReadMode;
    }
  | {
      readonly type: "changeMembership";
      readonly requestId: number;
      readonly voters: readonly NodeId[];
      readonly learners?: readonly NodeId[];
    }
  | { readonly type: "transferLeadership"; readonly requestId: number; readonly to: NodeId };

export type ClientAnswer = { readonly type: "answer"; readonly requestId: number } & Answer;

export type Answer =
  | { readonly kind: "ok"; readonly result: unknown }
  /** Definite: not done here; ask `leader`, where known. */
  | { readonly kind: "notLeader"; readonly leader: NodeId | null }
  /** Definite: not done, but may be if asked again a little later. */
  | { readonly kind: "busy"; readonly reason: string }
  /** Definite: not done, and asking again will not help. */
  | { readonly kind: "refused"; readonly reason: string }
  /** Indefinite: leadership was lost on the way; repeat it under the same session stamp. */
  | { readonly kind: "unknown" }
  /** Indefinite: the session was closed; whether an earlier copy was done is not known. */
  | { readonly kind: "sessionExpired" };

export type ServerMessage =
  | RequestVote
  | RequestVoteAnswer
  | AppendEntries
  | AppendEntriesAnswer
  | InstallSnapshot
  | InstallSnapshotAnswer
  | TimeoutNow
  | Saved;

/** From outside to a client: one more thing to do. */
export interface Submit {
  readonly type: "submit";
  readonly operation: ClientOperation;
}

/** What a client can be told to do: a request without what the client adds. */
export type ClientOperation =
  { readonly command: unknown } | { readonly query: unknown; readonly readMode?: ReadMode };

export type RaftMessage = ServerMessage | ClientRequest | ClientAnswer | Submit;

/** The last two are a client's. */
export type RaftTimer = "election" | "heartbeat" | "transfer" | "retry" | "think";
