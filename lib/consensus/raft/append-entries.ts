/**
 * The follower's side of replication: takes over the leader's log where the two agree.
 *
 * Source: Ongaro 2014, sections 3.5 and 3.5's last paragraph (conflict hints by term).
 * Guarantees: log matching; nothing that matches is ever removed, so an old message does no harm.
 */
import type { NodeId } from "../../protocol";
import { assert } from "../../basics";
import { firstIndexOfTerm, lastIndexOf, termAt } from "./log";
import type { AppendEntries, AppendOutcome } from "./messages";
import { becomeFollower, setElectionTimer } from "./roles";
import type { RaftHost, RaftState } from "./state";
import { appendToLog, truncateLog } from "./storage";

export function onAppendEntries(
  raft: RaftState,
  from: NodeId,
  request: AppendEntries,
  host: RaftHost,
): void {
  const { prevLogIndex, round, sentMs } = request;
  const isStale = request.term < raft.currentTerm;
  if (!isStale) hearLeader(raft, from, request.term, host);
  const outcome: AppendOutcome = isStale ? { kind: "stale" } : takeOver(raft, request, host);
  const term = raft.currentTerm;
  host.send(from, { type: "appendEntriesAnswer", term, outcome, prevLogIndex, round, sentMs });
}

/** This server leads the term, so whoever waits for a leader waits no longer. */
export function hearLeader(raft: RaftState, from: NodeId, term: number, host: RaftHost): void {
  assert(raft.role !== "leader" || term > raft.currentTerm, "two leaders in one term", {
    term,
    own: raft.id,
    other: from,
  });
  const isKnown = raft.role === "follower" && raft.leader === from && raft.currentTerm === term;
  if (!isKnown) becomeFollower(raft, { term, leader: from }, host);
  setElectionTimer(raft, host);
  raft.heardMs = host.nowMs;
}

function takeOver(raft: RaftState, request: AppendEntries, host: RaftHost): AppendOutcome {
  const conflict = conflictOf(raft, request);
  if (conflict !== undefined) return conflict;
  appendNew(raft, request, host);
  const matchIndex = request.prevLogIndex + request.entries.length;
  raft.commitIndex = Math.max(raft.commitIndex, Math.min(request.leaderCommit, matchIndex));
  return { kind: "matched", matchIndex };
}

/** Compacted entries are committed, so they match; `termAt` knows nothing of them. */
function conflictOf(
  { log }: RaftState,
  { prevLogIndex, prevLogTerm }: AppendEntries,
): AppendOutcome | undefined {
  const lastIndex = lastIndexOf(log);
  if (prevLogIndex > lastIndex) {
    return { kind: "conflict", conflictIndex: lastIndex + 1, conflictTerm: 0 };
  }
  const term = termAt(log, prevLogIndex);
  if (term === undefined || term === prevLogTerm) return undefined;
  const conflictIndex = firstIndexOfTerm(log, prevLogIndex);
  return { kind: "conflict", conflictIndex, conflictTerm: term };
}

function appendNew(raft: RaftState, request: AppendEntries, host: RaftHost): void {
  let index = request.prevLogIndex;
  for (const entry of request.entries) {
    index++;
    if (index <= raft.log.baseIndex) continue;
    const term = termAt(raft.log, index);
    if (term === entry.term) continue;
    if (term !== undefined) truncateLog(raft, index, host);
    appendToLog(raft, entry, host);
  }
}
