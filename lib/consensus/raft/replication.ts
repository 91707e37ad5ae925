/**
 * The leader's side of replication: batches, pipelined within a window, one probe at a time after
 * a conflict, and a snapshot for those who lag behind the log's beginning.
 *
 * Source: Ongaro 2014, sections 3.5, 10.2.2 (batching and pipelining); the three states of a
 * follower are etcd-io/raft's. Ours: a message that is unanswered when a later one is answered
 * counts as lost, which adapts to any round trip.
 * Cost: a round trip a batch; at most maxInFlight x maxBatchEntries entries unanswered a follower.
 */
import type { NodeId } from "../../protocol";
import { entriesFrom, lastIndexOf, lastIndexUpToTerm, termAt } from "./log";
import type { AppendEntriesAnswer, AppendOutcome } from "./messages";
import { reached } from "./progress";
import { answering, becomeFollower } from "./roles";
import { resendSnapshot, startSnapshot } from "./snapshot-sending";
import type { Leadership, Progress, RaftHost, RaftState } from "./state";

/** The heartbeat timer: hold office, if a majority still answers, and tell everybody. */
export function onHeartbeat(raft: RaftState, leadership: Leadership, host: RaftHost): void {
  if (raft.options.hasCheckQuorum && !hasQuorum(raft, leadership, host.nowMs)) {
    host.note("lostQuorum", { term: raft.currentTerm });
    return becomeFollower(raft, { term: raft.currentTerm, leader: null }, host);
  }
  host.setTimer("heartbeat", raft.options.heartbeatMs);
  broadcast(raft, leadership, host);
  for (const [peer, progress] of leadership.progress) resendSnapshot(raft, peer, progress, host);
}

function hasQuorum(raft: RaftState, leadership: Leadership, nowMs: number): boolean {
  for (const progress of leadership.progress.values()) {
    // The clock was set back: else a leader would think itself heard until it has caught up.
    progress.heardMs = Math.min(progress.heardMs, nowMs);
  }
  const heardMs = reached(raft, leadership, { own: nowMs, of: (progress) => progress.heardMs });
  return nowMs - heardMs < raft.options.electionTimeoutMaxMs;
}

/** A message to every member, of a round of its own. */
export function broadcast(raft: RaftState, leadership: Leadership, host: RaftHost): void {
  leadership.broadcastRound = leadership.round + 1;
  for (const [peer, progress] of leadership.progress) heartbeat(raft, peer, progress, host);
}

/** While probing a heartbeat repeats the probe; else it is empty and must always match. */
function heartbeat(raft: RaftState, peer: NodeId, progress: Progress, host: RaftHost): void {
  if (progress.state === "probe") {
    progress.inFlight = [];
    if (progress.nextIndex > raft.log.baseIndex) return sendEntries(raft, peer, progress, host);
  }
  const isHeld = termAt(raft.log, progress.matchIndex) !== undefined;
  sendAppend(raft, peer, { prevLogIndex: isHeld ? progress.matchIndex : 0, count: 0 }, host);
}

/** Sends what a follower lacks, as far as its window allows. */
export function replicate(raft: RaftState, leadership: Leadership, host: RaftHost): void {
  for (const [peer, progress] of leadership.progress) {
    if (progress.state === "snapshot") continue;
    while (hasMore(raft, progress)) {
      if (progress.nextIndex <= raft.log.baseIndex) {
        startSnapshot(raft, peer, progress, host);
        break;
      }
      sendEntries(raft, peer, progress, host);
    }
  }
}

function hasMore(raft: RaftState, { state, nextIndex, inFlight }: Progress): boolean {
  const window = state === "probe" ? 1 : raft.options.maxInFlight;
  return inFlight.length < window && nextIndex <= lastIndexOf(raft.log);
}

/** A probe does not move `nextIndex`; in the pipeline the next batch follows unasked. */
function sendEntries(raft: RaftState, peer: NodeId, progress: Progress, host: RaftHost): void {
  const left = lastIndexOf(raft.log) - progress.nextIndex + 1;
  const count = Math.min(left, raft.options.maxBatchEntries);
  const round = sendAppend(raft, peer, { prevLogIndex: progress.nextIndex - 1, count }, host);
  if (count === 0) return;
  progress.inFlight.push({ round, lastIndex: progress.nextIndex + count - 1 });
  if (progress.state === "replicate") progress.nextIndex += count;
}

/** Returns the round of the message. `prevLogIndex` must be held, or 0. */
function sendAppend(
  raft: RaftState,
  peer: NodeId,
  { prevLogIndex, count }: { prevLogIndex: number; count: number },
  host: RaftHost,
): number {
  const round = ++(raft.leadership as Leadership).round;
  host.send(peer, {
    type: "appendEntries",
    term: raft.currentTerm,
    prevLogIndex,
    prevLogTerm: prevLogIndex === 0 ? 0 : (termAt(raft.log, prevLogIndex) as number),
    entries: count === 0 ? [] : entriesFrom(raft.log, prevLogIndex + 1, count),
    leaderCommit: raft.commitIndex,
    round,
    sentMs: host.nowMs,
  });
  return round;
}

export function onAppendEntriesAnswer(
  raft: RaftState,
  from: NodeId,
  message: AppendEntriesAnswer,
  host: RaftHost,
): void {
  const progress = answering(raft, from, message, host);
  if (progress === undefined) return;
  progress.ackedRound = Math.max(progress.ackedRound, message.round);
  progress.ackedSentMs = Math.max(progress.ackedSentMs, message.sentMs);
  if (message.outcome.kind === "matched") {
    matched(progress, message.outcome.matchIndex, message.round);
  } else if (message.outcome.kind === "conflict") {
    backUp(raft, progress, message.prevLogIndex, message.outcome);
  }
}

function matched(progress: Progress, matchIndex: number, round: number): void {
  progress.matchIndex = Math.max(progress.matchIndex, matchIndex);
  if (progress.state === "snapshot") return;
  progress.inFlight = progress.inFlight.filter(({ lastIndex }) => lastIndex > progress.matchIndex);
  progress.nextIndex = Math.max(progress.nextIndex, progress.matchIndex + 1);
  if (progress.state === "probe") {
    if (progress.matchIndex + 1 < progress.nextIndex) return; // the answer of an older message
    progress.state = "replicate";
    progress.inFlight = [];
  } else if (progress.inFlight.some((sent) => sent.round < round)) {
    progress.nextIndex = progress.matchIndex + 1;
    progress.inFlight = [];
  }
}

type Conflict = Extract<AppendOutcome, { kind: "conflict" }>;

/** Goes back a whole term at a time; hints of old messages are passed over. */
function backUp(
  raft: RaftState,
  progress: Progress,
  prevLogIndex: number,
  { conflictIndex, conflictTerm }: Conflict,
): void {
  const isOld =
    progress.state === "probe"
      ? prevLogIndex !== progress.nextIndex - 1
      : prevLogIndex <= progress.matchIndex;
  if (isOld || progress.state === "snapshot") return;
  const ownLast = lastIndexUpToTerm(raft.log, conflictTerm, prevLogIndex);
  const hasTerm = conflictTerm > 0 && termAt(raft.log, ownLast) === conflictTerm;
  const hint = hasTerm ? ownLast + 1 : conflictIndex;
  progress.state = "probe";
  progress.nextIndex = Math.max(progress.matchIndex + 1, Math.min(hint, prevLogIndex));
  progress.inFlight = [];
}
