/**
 * A leader sends its latest snapshot to a follower that needs entries it no longer has.
 *
 * Source: Ongaro 2014, chapter 5, figure 5.3. Ours: `maxInFlight` parts are on their way at once; a
 * leader goes on sending the snapshot it began with; when a later heartbeat was answered and the
 * last part was not, sending goes on from the part that the follower asked for last.
 * Guarantees: answers that arrive twice or late cause no message (else each repeated answer would
 * have its part sent again, and that part's answer too, as in TFTP's "sorcerer's apprentice").
 * Cost: one message a part, a round trip every `maxInFlight` parts, a heartbeat or two a lost part.
 */
import type { NodeId } from "../../protocol";
import type { InstallSnapshotAnswer } from "./messages";
import { answering } from "./roles";
import type { OutgoingSnapshot, Progress, RaftHost, RaftState, Snapshot } from "./state";

/** This follower needs entries from before the log's base. */
export function startSnapshot(
  raft: RaftState,
  peer: NodeId,
  progress: Progress,
  host: RaftHost,
): void {
  const snapshot = raft.snapshot as Snapshot;
  progress.state = "snapshot";
  progress.inFlight = [];
  progress.outgoing = { snapshot, acknowledged: 0, next: 0, wanted: 0, round: 0 };
  host.note("snapshotSent", { to: peer, index: snapshot.index });
  sendParts(raft, peer, progress.outgoing, host);
}

/** At each heartbeat: parts are lost when a later message was answered and they were not. */
export function resendSnapshot(
  raft: RaftState,
  peer: NodeId,
  { outgoing, ackedRound }: Progress,
  host: RaftHost,
): void {
  if (outgoing === null || ackedRound <= outgoing.round) return;
  // A follower that has started again wants the beginning, which it had acknowledged.
  outgoing.acknowledged = outgoing.wanted;
  outgoing.next = outgoing.wanted;
  sendParts(raft, peer, outgoing, host);
}

/** As many as the window allows. */
function sendParts(
  raft: RaftState,
  peer: NodeId,
  outgoing: OutgoingSnapshot,
  host: RaftHost,
): void {
  const { snapshotChunkLength, maxInFlight } = raft.options;
  const { snapshot, acknowledged } = outgoing;
  const end = Math.min(snapshot.data.length, acknowledged + maxInFlight * snapshotChunkLength);
  for (; outgoing.next < end; outgoing.next += snapshotChunkLength) {
    outgoing.round = raft.leadership?.round ?? 0;
    sendPart(raft, peer, outgoing, host);
  }
}

function sendPart(
  raft: RaftState,
  peer: NodeId,
  { snapshot, next }: OutgoingSnapshot,
  host: RaftHost,
): void {
  const end = next + raft.options.snapshotChunkLength;
  host.send(peer, {
    type: "installSnapshot",
    term: raft.currentTerm,
    lastIndex: snapshot.index,
    lastTerm: snapshot.term,
    membership: snapshot.membership,
    offset: next,
    data: snapshot.data.slice(next, end),
    isDone: end >= snapshot.data.length,
  });
}

export function onInstallSnapshotAnswer(
  raft: RaftState,
  from: NodeId,
  message: InstallSnapshotAnswer,
  host: RaftHost,
): void {
  const progress = answering(raft, from, message, host);
  if (progress === undefined) return;
  const { lastIndex, outcome } = message;
  const { outgoing } = progress;
  if (outgoing?.snapshot.index !== lastIndex) return;
  if (outcome.kind === "installed") {
    progress.matchIndex = Math.max(progress.matchIndex, lastIndex);
    progress.nextIndex = progress.matchIndex + 1;
    progress.state = "replicate";
    progress.outgoing = null;
  } else if (outcome.kind === "wants") {
    outgoing.wanted = outcome.offset;
    if (outcome.offset <= outgoing.acknowledged) return;
    outgoing.acknowledged = outcome.offset;
    outgoing.next = Math.max(outgoing.next, outcome.offset);
    sendParts(raft, from, outgoing, host);
  }
}
