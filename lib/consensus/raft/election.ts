/**
 * Leader election: randomised timeouts, a pre-vote that disturbs nobody, and votes that are saved
 * before they are given.
 *
 * Source: Ongaro 2014, sections 3.4, 3.6.1, 4.2.3 (a server that hears its leader denies votes),
 * 9.6 (pre-vote), 3.10 (TimeoutNow). Ours: a server that starts again denies votes for one minimal
 * timeout, since it may have acknowledged a lease that it no longer remembers.
 * Guarantees: at most one leader a term.
 * Cost: 2(n-1) messages for the pre-vote, 2(n-1) for the vote; two round trips after the timeout.
 */
import type { NodeId } from "../../protocol";
import { assert } from "../../basics";
import { lastIndexOf, lastTermOf } from "./log";
import { isVoter } from "./membership";
import type { RequestVote, RequestVoteAnswer, TimeoutNow } from "./messages";
import { newLeadership } from "./progress";
import { voteResult } from "./quorum";
import { becomeFollower, setElectionTimer } from "./roles";
import type { LogEnd } from "./rules";
import { membershipOf } from "./state";
import type { RaftHost, RaftState } from "./state";
import { appendToLog, setTerm } from "./storage";

/** The election timer rang: nobody has led for a whole timeout. */
export function onElectionTimeout(raft: RaftState, host: RaftHost): void {
  if (raft.role === "leader") return;
  if (!canCampaign(raft)) return setElectionTimer(raft, host);
  if (raft.options.hasPreVote) startPreVote(raft, host);
  else startElection(raft, { isTransfer: false }, host);
}

/**
 * A server outside the latest membership campaigns on until it knows that entry committed: without
 * it the servers before the change may have no electable leader (section 4.2.2).
 */
function canCampaign(raft: RaftState): boolean {
  const { memberships } = raft;
  const latest = memberships[memberships.length - 1];
  if (isVoter(latest.membership, raft.id)) return true;
  const previous = memberships[memberships.length - 2];
  return (
    latest.index > raft.commitIndex &&
    previous !== undefined &&
    isVoter(previous.membership, raft.id)
  );
}

function startPreVote(raft: RaftState, host: RaftHost): void {
  raft.role = "preCandidate";
  raft.leader = null;
  host.note("becamePreCandidate", { term: raft.currentTerm });
  const call = { term: raft.currentTerm + 1, isPreVote: true, isTransfer: false };
  callForVotes(raft, call, host);
}

function startElection(
  raft: RaftState,
  { isTransfer }: { isTransfer: boolean },
  host: RaftHost,
): void {
  raft.role = "candidate";
  raft.leader = null;
  setTerm(raft, { term: raft.currentTerm + 1, votedFor: raft.id }, host);
  host.note("becameCandidate", { term: raft.currentTerm });
  callForVotes(raft, { term: raft.currentTerm, isPreVote: false, isTransfer }, host);
}

type Call = Pick<RequestVote, "term" | "isPreVote" | "isTransfer">;

function callForVotes(raft: RaftState, call: Call, host: RaftHost): void {
  raft.votes = new Map([[raft.id, true]]);
  setElectionTimer(raft, host);
  const { voters, outgoing } = membershipOf(raft);
  for (const peer of new Set([...voters, ...outgoing])) {
    if (peer !== raft.id) host.send(peer, { type: "requestVote", ...call, ...logEnd(raft) });
  }
  countVotes(raft, host);
}

function logEnd(raft: RaftState): LogEnd {
  return { lastLogIndex: lastIndexOf(raft.log), lastLogTerm: lastTermOf(raft.log) };
}

export function onRequestVote(
  raft: RaftState,
  from: NodeId,
  request: RequestVote,
  host: RaftHost,
): void {
  const isDenied = !request.isTransfer && hearsLeader(raft, host.nowMs);
  if (!request.isPreVote && !isDenied && request.term > raft.currentTerm) {
    becomeFollower(raft, { term: request.term, leader: null }, host);
  }
  const isVoteGranted = !isDenied && mayGrant(raft, from, request);
  if (isVoteGranted && !request.isPreVote) {
    setTerm(raft, { term: raft.currentTerm, votedFor: from }, host);
    setElectionTimer(raft, host);
  }
  const term = isVoteGranted ? request.term : raft.currentTerm;
  const { isPreVote } = request;
  host.send(from, { type: "requestVoteAnswer", term, isVoteGranted, isPreVote });
}

function mayGrant(raft: RaftState, from: NodeId, request: RequestVote): boolean {
  if (!raft.rules.isUpToDate(request, logEnd(raft))) return false;
  if (request.isPreVote) return request.term > raft.currentTerm;
  const isFree = raft.votedFor === null || raft.votedFor === from;
  return request.term === raft.currentTerm && isFree;
}

/** True while this server would be wrong to help another one to office (section 4.2.3). */
function hearsLeader(raft: RaftState, nowMs: number): boolean {
  if (!raft.options.hasCheckQuorum) return false;
  // The clock was set back: else votes would be denied until it has caught up.
  raft.heardMs = Math.min(raft.heardMs, nowMs);
  return raft.role === "leader" || nowMs - raft.heardMs < raft.options.electionTimeoutMinMs;
}

export function onRequestVoteAnswer(
  raft: RaftState,
  from: NodeId,
  vote: RequestVoteAnswer,
  host: RaftHost,
): void {
  const isProposedTerm = vote.isPreVote && vote.isVoteGranted;
  if (vote.term > raft.currentTerm && !isProposedTerm) {
    return becomeFollower(raft, { term: vote.term, leader: null }, host);
  }
  const isOfThisCall =
    raft.role === (vote.isPreVote ? "preCandidate" : "candidate") &&
    vote.term === raft.currentTerm + (isProposedTerm ? 1 : 0);
  if (!isOfThisCall) return;
  raft.votes.set(from, vote.isVoteGranted);
  countVotes(raft, host);
}

function countVotes(raft: RaftState, host: RaftHost): void {
  const result = voteResult(membershipOf(raft), raft.votes);
  if (result === "pending") return;
  if (result === "lost") {
    becomeFollower(raft, { term: raft.currentTerm, leader: null }, host);
  } else if (raft.role === "preCandidate") {
    startElection(raft, { isTransfer: false }, host);
  } else {
    becomeLeader(raft, host);
  }
}

/** The first entry of a leader is a no-op, which commits everything before it (section 6.4). */
function becomeLeader(raft: RaftState, host: RaftHost): void {
  assert(raft.role === "candidate", "only a candidate becomes leader", { role: raft.role });
  raft.role = "leader";
  raft.leader = raft.id;
  raft.votes = new Map();
  host.note("becameLeader", { term: raft.currentTerm });
  host.cancelTimer("election");
  host.setTimer("heartbeat", raft.options.heartbeatMs);
  raft.leadership = newLeadership(raft, host.nowMs);
  appendToLog(raft, { kind: "noop", term: raft.currentTerm }, host);
}

export function onTimeoutNow(raft: RaftState, { term }: TimeoutNow, host: RaftHost): void {
  if (term !== raft.currentTerm || raft.role === "leader" || !canCampaign(raft)) return;
  startElection(raft, { isTransfer: true }, host);
}
