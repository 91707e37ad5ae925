/** What a leader knows of the other members, and what a quorum of them has reached. */
import type { NodeId } from "../../protocol";
import { lastIndexOf } from "./log";
import { membersOf } from "./membership";
import { quorumReached } from "./quorum";
import { membershipOf } from "./state";
import type { Leadership, Progress, RaftState } from "./state";

export function newLeadership(raft: RaftState, nowMs: number): Leadership {
  const leadership: Leadership = {
    progress: new Map(),
    firstIndex: lastIndexOf(raft.log) + 1,
    unsaved: [],
    savedIndex: lastIndexOf(raft.log),
    askedIndex: lastIndexOf(raft.log),
    round: 0,
    broadcastRound: 0,
    pending: new Map(),
    reads: [],
    transfer: null,
    change: null,
    isLeaseForfeited: false,
  };
  followMembership(raft, leadership, nowMs);
  return leadership;
}

/** Begins to follow new members and forgets those that have gone. */
export function followMembership(raft: RaftState, leadership: Leadership, nowMs: number): void {
  const members = new Set(membersOf(membershipOf(raft)));
  for (const id of members) {
    if (id === raft.id || leadership.progress.has(id)) continue;
    leadership.progress.set(id, newProgress(leadership.firstIndex, nowMs));
  }
  for (const id of leadership.progress.keys()) {
    if (!members.has(id)) leadership.progress.delete(id);
  }
}

function newProgress(nextIndex: number, nowMs: number): Progress {
  return {
    state: "probe",
    nextIndex,
    matchIndex: 0,
    inFlight: [],
    ackedRound: 0,
    ackedSentMs: -Infinity,
    heardMs: nowMs,
    outgoing: null,
  };
}

/**
 * The number a quorum has reached, where the leader itself counts with `own`. A leader outside the
 * membership (section 4.2.2) does not count itself.
 */
export function reached(
  raft: RaftState,
  leadership: Leadership,
  { own, of }: { own: number; of: (progress: Progress) => number },
): number {
  return quorumReached(membershipOf(raft), (id: NodeId) => {
    if (id === raft.id) return own;
    const progress = leadership.progress.get(id);
    return progress === undefined ? -Infinity : of(progress);
  });
}
