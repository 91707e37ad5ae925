/**
 * Leadership transfer: the leader stops taking requests, brings its successor up to date, and asks
 * it to stand for election at once.
 *
 * Source: Ongaro 2014, section 3.10.
 * Guarantees: no safety depends on it; a transfer that does not succeed within an election timeout
 * is given up and the leader goes on.
 */
import { lastIndexOf } from "./log";
import { isVoter } from "./membership";
import type { ClientRequest } from "./messages";
import { answer, membershipOf } from "./state";
import type { Asker, Leadership, RaftHost, RaftState } from "./state";

type Request = Asker & Extract<ClientRequest, { type: "transferLeadership" }>;

export function requestTransfer(
  raft: RaftState,
  leadership: Leadership,
  { from, requestId, to }: Request,
  host: RaftHost,
): void {
  const asker = { from, requestId };
  if (to === raft.id) {
    return answer(host, asker, { kind: "ok", result: { kind: "handedOver", to } });
  }
  if (!isVoter(membershipOf(raft), to)) {
    return answer(host, asker, { kind: "refused", reason: `${to} is not a voter` });
  }
  if (leadership.transfer !== null) {
    return answer(host, asker, { kind: "busy", reason: "another transfer is under way" });
  }
  leadership.transfer = { ...asker, to, isSent: false };
  host.setTimer("transfer", raft.options.electionTimeoutMaxMs);
}

/** Leader, after every event: the successor may have caught up. */
export function advanceTransfer(raft: RaftState, leadership: Leadership, host: RaftHost): void {
  const { transfer } = leadership;
  if (transfer === null || transfer.isSent) return;
  if (leadership.progress.get(transfer.to)?.matchIndex !== lastIndexOf(raft.log)) return;
  transfer.isSent = true;
  leadership.isLeaseForfeited = true;
  host.note("timeoutNow", transfer.to);
  host.send(transfer.to, { type: "timeoutNow", term: raft.currentTerm });
}

export function onTransferTimeout(leadership: Leadership, host: RaftHost): void {
  const { transfer } = leadership;
  if (transfer === null) return;
  leadership.transfer = null;
  const reason = `${transfer.to} was not elected within an election timeout`;
  answer(host, transfer, { kind: "refused", reason });
}
