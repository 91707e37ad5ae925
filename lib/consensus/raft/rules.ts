/**
 * The rules that make Raft safe, each a pure function on its own, so that a test or a notebook can
 * replace one and see what breaks: `class Broken extends Raft { get rules() { ... } }`.
 *
 * Source: Ongaro 2014, the section named with each rule.
 */
import type { NodeId } from "../../protocol";
import type { RaftOptions } from "./options";

export interface LogEnd {
  readonly lastLogIndex: number;
  readonly lastLogTerm: number;
}

export interface SavedVote {
  readonly term: number;
  readonly votedFor: NodeId | null;
}

export interface ChangeFacts {
  /** The latest membership in the log is committed. */
  readonly isCommitted: boolean;
  readonly isJoint: boolean;
  /** A change that this leader has begun has not ended. */
  readonly isChanging: boolean;
  /** The leader has committed an entry of its own term. */
  readonly hasCommittedInTerm: boolean;
}

export interface SnapshotContent {
  readonly machine: unknown;
  readonly sessions: unknown;
}

export interface Rules {
  /** Section 3.6.1: a voter denies its vote to a candidate whose log ends earlier than its own. */
  isUpToDate(candidate: LogEnd, own: LogEnd): boolean;
  /** Section 3.8: the term and vote a server starts with are those it saved. */
  recallVote(saved: SavedVote): SavedVote;
  /** Section 3.6.2: only entries of the leader's current term are committed by counting. */
  mayCommit(entryTerm: number, currentTerm: number): boolean;
  /** Section 4.3, and the correction of 2015: one change at a time, none before a commit. */
  mayChangeMembership(facts: ChangeFacts): boolean;
  /** Section 6.4: a read waits until a quorum has answered a message sent after it came. */
  isReadConfirmed(confirmedRound: number, readRound: number): boolean;
  /** Section 6.4.1: how long after a round was sent nobody else can be elected. */
  leaseMs(options: RaftOptions): number;
  /** Chapter 5: a snapshot of what is committed here already changes nothing. */
  isSnapshotNew(lastIndex: number, commitIndex: number): boolean;
  /** Section 6.3: a snapshot holds the sessions too. */
  snapshotContent(content: SnapshotContent): SnapshotContent;
}

export const thesisRules: Rules = {
  isUpToDate: (candidate, own) =>
    candidate.lastLogTerm > own.lastLogTerm ||
    (candidate.lastLogTerm === own.lastLogTerm && candidate.lastLogIndex >= own.lastLogIndex),
  recallVote: (saved) => saved,
  mayCommit: (entryTerm, currentTerm) => entryTerm === currentTerm,
  mayChangeMembership: (facts) =>
    facts.isCommitted && !facts.isJoint && !facts.isChanging && facts.hasCommittedInTerm,
  isReadConfirmed: (confirmedRound, readRound) => confirmedRound >= readRound,
  leaseMs: ({ electionTimeoutMinMs, clockDriftRate }) =>
    electionTimeoutMinMs / (1 + clockDriftRate),
  isSnapshotNew: (lastIndex, commitIndex) => lastIndex > commitIndex,
  snapshotContent: (content) => content,
};
