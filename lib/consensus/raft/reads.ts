/**
 * Linearizable reads that write nothing to the log: by read index, and by lease.
 *
 * Source: Ongaro 2014, sections 6.4 and 6.4.1. Ours: a read is confirmed by any message sent after
 * it came, known by its round, so that late, repeated and delayed answers of earlier rounds
 * confirm nothing; reads that arrive meanwhile share the next broadcast.
 * Assumes: for leases only, clocks run at rates within `clockDriftRate` of each other and do not
 * jump; a lease counts from the sending of a message, and voters deny votes that long.
 * Guarantees: linearizability; by lease only under that assumption.
 * Cost: a round trip for all reads that wait; a lease costs nothing.
 */
import type { ClientRequest } from "./messages";
import { reached } from "./progress";
import { broadcast } from "./replication";
import { answer } from "./state";
import type { Asker, Leadership, RaftHost, RaftState } from "./state";

type Query = Extract<ClientRequest, { type: "query" }>;

/**
 * Leader: takes a read in. It must see all that was committed when it came: entries of earlier
 * terms lie before the leader's first entry, those of its own are known to it.
 */
export function acceptRead(
  raft: RaftState,
  leadership: Leadership,
  { from, requestId, query, readMode }: Asker & Query,
): void {
  leadership.reads.push({
    from,
    requestId,
    query,
    isLease: (readMode ?? raft.options.readMode) === "lease",
    index: Math.max(raft.commitIndex, leadership.firstIndex),
    round: leadership.round + 1,
  });
}

/** Answers the reads that may be answered, and asks for confirmation of those that wait for it. */
export function serveReads(raft: RaftState, leadership: Leadership, host: RaftHost): void {
  if (leadership.reads.length === 0) return;
  const confirmed = reached(raft, leadership, { own: Infinity, of: (peer) => peer.ackedRound });
  const isLeased = holdsLease(raft, leadership, host.nowMs);
  leadership.reads = leadership.reads.filter((read) => {
    const isConfirmed =
      (read.isLease && isLeased) || raft.rules.isReadConfirmed(confirmed, read.round);
    if (!isConfirmed || raft.lastApplied < read.index) return true;
    const result = raft.machine.query(raft.machineState, read.query);
    answer(host, read, { kind: "ok", result });
    return false;
  });
  const isUnasked = leadership.reads.some(({ round }) => round > leadership.broadcastRound);
  const isLastAnswered = raft.rules.isReadConfirmed(confirmed, leadership.broadcastRound);
  if (isUnasked && isLastAnswered) broadcast(raft, leadership, host);
}

/**
 * True while no other leader can have been elected: a quorum has heard this one so lately that it
 * denies votes. An election that this leader asked for itself ends all leases of its term.
 */
function holdsLease(raft: RaftState, leadership: Leadership, nowMs: number): boolean {
  if (leadership.isLeaseForfeited || !raft.options.hasCheckQuorum) return false;
  const sentMs = reached(raft, leadership, { own: nowMs, of: (peer) => peer.ackedSentMs });
  return nowMs < sentMs + raft.rules.leaseMs(raft.options);
}
