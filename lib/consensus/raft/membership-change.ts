/**
 * Changes of membership by joint consensus: newcomers catch up as learners, then both majorities
 * decide, then the new one alone.
 *
 * Source: Ongaro 2014, sections 4.2.1 (catching up in rounds), 4.2.2 (a leader that leaves), 4.3
 * (arbitrary changes), and his message to raft-dev of July 2015: no change before a commit of the
 * own term. A new leader ends a joint configuration that it finds, whoever began it.
 * Guarantees: no two disjoint majorities at any moment; one change at a time.
 * Cost: two entries, and a third when there are newcomers.
 */
import { lastIndexOf } from "./log";
import {
  isJoint,
  isSameMembership,
  isVoter,
  jointMembership,
  leaveJoint,
  membersOf,
  simpleMembership,
} from "./membership";
import type { Membership } from "./membership";
import type { ClientRequest } from "./messages";
import { followMembership } from "./progress";
import { becomeFollower } from "./roles";
import { answer, membershipOf } from "./state";
import type { Asker, Leadership, MembershipChange, RaftHost, RaftState } from "./state";
import { appendToLog } from "./storage";

/** Rounds that newcomers get to catch up; the last one must be shorter than an election timeout. */
const maxRounds = 10;

type Request = Asker & Extract<ClientRequest, { type: "changeMembership" }>;

/** Leader: begins a change, or refuses it. */
export function requestChange(
  raft: RaftState,
  leadership: Leadership,
  request: Request,
  host: RaftHost,
): void {
  const flaw = flawOf(request);
  if (flaw !== undefined) return answer(host, request, { kind: "refused", reason: flaw });
  const target = simpleMembership(request.voters, request.learners);
  const current = membershipOf(raft);
  if (isSameMembership(current, target) && isLatestCommitted(raft)) {
    return answer(host, request, { kind: "ok", result: target });
  }
  if (!raft.rules.mayChangeMembership(factsOf(raft, leadership))) {
    const reason = "another change of membership is under way, or this leader is too new";
    return answer(host, request, { kind: "busy", reason });
  }
  const { from, requestId } = request;
  const asker = { from, requestId, target, origin: current };
  const round = { rounds: 0, roundEndIndex: lastIndexOf(raft.log), roundStartMs: host.nowMs };
  leadership.change = { ...asker, ...round };
  const learners = membersOf(target).filter((id) => !isVoter(current, id));
  const next = nextMembership(current, target, learners);
  if (!isSameMembership(current, next)) adopt(raft, leadership, next, host);
}

function flawOf({ voters, learners = [] }: Request): string | undefined {
  if (!Array.isArray(voters) || !Array.isArray(learners)) return "members come as lists of names";
  if (voters.length === 0) return "a cluster needs at least one voter";
  const isNamed = [...voters, ...learners].every((id) => typeof id === "string" && id !== "");
  if (!isNamed) return "members are named by texts that are not empty";
  const both = (voters as string[]).find((id) => learners.includes(id));
  return both === undefined ? undefined : `${both} cannot be voter and learner at once`;
}

function nextMembership(
  current: Membership,
  target: Membership,
  learners: readonly string[],
): Membership {
  const newcomers = target.voters.filter((id) => !isVoter(current, id));
  if (newcomers.length > 0) {
    return { ...current, learners: [...new Set([...current.learners, ...learners])].sort() };
  }
  const isSameVoters = current.voters.join() === target.voters.join();
  return isSameVoters ? target : jointMembership(current, target);
}

function factsOf(
  raft: RaftState,
  leadership: Leadership,
): Parameters<RaftState["rules"]["mayChangeMembership"]>[0] {
  return {
    isCommitted: isLatestCommitted(raft),
    isJoint: isJoint(membershipOf(raft)),
    isChanging: leadership.change !== null,
    hasCommittedInTerm: raft.commitIndex >= leadership.firstIndex,
  };
}

function isLatestCommitted({ memberships, commitIndex }: RaftState): boolean {
  return memberships[memberships.length - 1].index <= commitIndex;
}

function adopt(
  raft: RaftState,
  leadership: Leadership,
  membership: Membership,
  host: RaftHost,
): void {
  appendToLog(raft, { kind: "membership", membership, term: raft.currentTerm }, host);
  followMembership(raft, leadership, host.nowMs);
}

/** Leader, after every event: takes the next step of a change. Returns whether it took one. */
export function advanceChange(raft: RaftState, leadership: Leadership, host: RaftHost): boolean {
  if (!isLatestCommitted(raft) || raft.commitIndex < leadership.firstIndex) return false;
  const current = membershipOf(raft);
  if (isJoint(current)) {
    adopt(raft, leadership, leaveJoint(current), host);
    return true;
  }
  const { change } = leadership;
  if (change !== null && isSameMembership(current, change.target)) {
    answer(host, change, { kind: "ok", result: current });
    leadership.change = null;
  } else if (change !== null) {
    return bringUp(raft, leadership, change, host);
  }
  if (!isVoter(current, raft.id)) leave(raft, leadership, host);
  return false;
}

/** Newcomers catch up in rounds; after a round that was short enough they get their votes. */
function bringUp(
  raft: RaftState,
  leadership: Leadership,
  change: MembershipChange,
  host: RaftHost,
): boolean {
  const { electionTimeoutMinMs, electionTimeoutMaxMs } = raft.options;
  change.roundStartMs = Math.min(change.roundStartMs, host.nowMs); // the clock may be set back
  const roundMs = host.nowMs - change.roundStartMs;
  const newcomers = change.target.voters.filter((id) => !isVoter(change.origin, id));
  const isCaughtUp = newcomers.every((id) => {
    return (leadership.progress.get(id)?.matchIndex ?? 0) >= change.roundEndIndex;
  });
  if (isCaughtUp && roundMs < electionTimeoutMinMs) {
    adopt(raft, leadership, jointMembership(membershipOf(raft), change.target), host);
    return true;
  }
  const isHopeless = change.rounds >= maxRounds || roundMs > maxRounds * electionTimeoutMaxMs;
  if (isHopeless) {
    leadership.change = null;
    answer(host, change, { kind: "refused", reason: "the new servers are too slow or away" });
    adopt(raft, leadership, change.origin, host);
    return true;
  }
  if (isCaughtUp) {
    change.rounds++;
    change.roundEndIndex = lastIndexOf(raft.log);
    change.roundStartMs = host.nowMs;
  }
  return false;
}

/** The own farewell is committed: the best of the others is asked to stand for election. */
function leave(raft: RaftState, leadership: Leadership, host: RaftHost): void {
  const voters = membershipOf(raft).voters;
  const matchOf = (id: string): number => leadership.progress.get(id)?.matchIndex ?? 0;
  const [best] = [...voters].sort((left, right) => matchOf(right) - matchOf(left));
  host.send(best, { type: "timeoutNow", term: raft.currentTerm });
  becomeFollower(raft, { term: raft.currentTerm, leader: null }, host);
}
