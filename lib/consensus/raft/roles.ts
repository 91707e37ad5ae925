/**
 * Follower, and back to follower: what every role falls to when it hears of a higher term.
 *
 * Source: Ongaro 2014, sections 3.3 and 3.4.
 */
import type { NodeId } from "../../protocol";
import { saveUnsaved, setTerm } from "./storage";
import { answer } from "./state";
import type { Leadership, Progress, RaftHost, RaftState } from "./state";

/** A fresh random timeout, so that few servers start elections at once (section 3.4). */
export function setElectionTimer(raft: RaftState, host: RaftHost): void {
  const { electionTimeoutMinMs: minMs, electionTimeoutMaxMs: maxMs } = raft.options;
  host.setTimer("election", minMs + host.random() * (maxMs - minMs));
}

/**
 * `term` is the own one or a higher one; `leader` who leads it, where known. A higher term alone
 * does not set the timer anew (section 3.4): else candidates with short logs would keep the right
 * one waiting.
 */
export function becomeFollower(
  raft: RaftState,
  { term, leader }: { term: number; leader: NodeId | null },
  host: RaftHost,
): void {
  const { leadership } = raft;
  if (leadership !== null) saveUnsaved(raft, leadership, host);
  if (term > raft.currentTerm) setTerm(raft, { term, votedFor: null }, host);
  if (raft.role !== "follower") {
    host.note(leadership === null ? "becameFollower" : "steppedDown", { term });
  }
  raft.role = "follower";
  raft.leader = leader;
  raft.leadership = null;
  raft.votes = new Map();
  if (leadership !== null) {
    host.cancelTimer("heartbeat");
    host.cancelTimer("transfer");
    dismiss(leadership, leader, host);
    setElectionTimer(raft, host);
  }
}

/** What a leader knows of `from`, who answered it; undefined: the answer is not of this term. */
export function answering(
  raft: RaftState,
  from: NodeId,
  { term }: { readonly term: number },
  host: RaftHost,
): Progress | undefined {
  if (term > raft.currentTerm) becomeFollower(raft, { term, leader: null }, host);
  if (term < raft.currentTerm) return undefined;
  const progress = raft.leadership?.progress.get(from);
  if (progress !== undefined) progress.heardMs = host.nowMs;
  return progress;
}

/** What became of entries that are not committed yet only the next leader will tell. */
function dismiss(leadership: Leadership, leader: NodeId | null, host: RaftHost): void {
  for (const asker of leadership.pending.values()) answer(host, asker, { kind: "unknown" });
  for (const asker of leadership.reads) answer(host, asker, { kind: "notLeader", leader });
  if (leadership.change !== null) answer(host, leadership.change, { kind: "unknown" });
  const { transfer } = leadership;
  if (transfer === null) return;
  if (!transfer.isSent) answer(host, transfer, { kind: "unknown" });
  else answer(host, transfer, { kind: "ok", result: { kind: "handedOver", to: transfer.to } });
}
