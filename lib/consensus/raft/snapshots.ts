/**
 * Snapshots: each server takes its own, forgets the log behind it, and a leader sends its latest,
 * a part at a time, to a follower that needs entries it no longer has.
 *
 * Source: Ongaro 2014, chapter 5, figure 5.3. Ours: parts are characters of JSON text; a leader
 * goes on sending the snapshot it began with; a lost part is sent again after the next heartbeat.
 * Cost: one part a round trip; a snapshot is one write of the whole state.
 */
import type { NodeId } from "../../protocol";
import { hearLeader } from "./append-entries";
import { emptyLog, lastIndexOf, termAt } from "./log";
import type { InstallOutcome, InstallSnapshot, InstallSnapshotAnswer } from "./messages";
import { answering } from "./roles";
import { sessionsToJson } from "./sessions";
import type { Progress, RaftHost, RaftState, Snapshot } from "./state";
import { adoptSnapshot, compactLog, truncateLog } from "./storage";

/** After `snapshotEvery` applied entries: a snapshot of the state as it is applied now. */
export function takeSnapshotIfDue(raft: RaftState, host: RaftHost): void {
  const { snapshotEvery, trailingEntries } = raft.options;
  const { lastApplied: index } = raft;
  if (index - (raft.snapshot?.index ?? 0) < snapshotEvery) return;
  const content = raft.rules.snapshotContent({
    machine: raft.machine.toJson(raft.machineState),
    sessions: sessionsToJson(raft.sessions),
  });
  const { membership } = lastWhere(raft.memberships, (entry) => entry.index <= index);
  const term = termAt(raft.log, index) as number;
  const snapshot = { index, term, membership, data: JSON.stringify(content) };
  const upTo = Math.max(raft.log.baseIndex, index - trailingEntries);
  compactLog(raft, { snapshot, upTo }, host);
  host.note("snapshotTaken", { index, length: snapshot.data.length });
}

function lastWhere<Item>(items: readonly Item[], isWanted: (item: Item) => boolean): Item {
  return items.filter(isWanted).pop() as Item;
}

/** Leader: this follower needs entries from before the log's base. */
export function startSnapshot(
  raft: RaftState,
  peer: NodeId,
  progress: Progress,
  host: RaftHost,
): void {
  progress.state = "snapshot";
  progress.inFlight = [];
  progress.outgoing = { snapshot: raft.snapshot as Snapshot, offset: 0, round: 0 };
  host.note("snapshotSent", { to: peer, index: progress.outgoing.snapshot.index });
  sendPart(raft, peer, progress, host);
}

/** Leader, at each heartbeat: a part is lost when a later message was answered and it was not. */
export function resendSnapshot(
  raft: RaftState,
  peer: NodeId,
  progress: Progress,
  host: RaftHost,
): void {
  const { outgoing, ackedRound } = progress;
  if (outgoing !== null && ackedRound > outgoing.round) sendPart(raft, peer, progress, host);
}

function sendPart(raft: RaftState, peer: NodeId, progress: Progress, host: RaftHost): void {
  const { outgoing } = progress;
  if (outgoing === null) return;
  const { snapshot, offset } = outgoing;
  outgoing.round = raft.leadership?.round ?? 0;
  const end = offset + raft.options.snapshotChunkLength;
  host.send(peer, {
    type: "installSnapshot",
    term: raft.currentTerm,
    lastIndex: snapshot.index,
    lastTerm: snapshot.term,
    membership: snapshot.membership,
    offset,
    data: snapshot.data.slice(offset, end),
    isDone: end >= snapshot.data.length,
  });
}

export function onInstallSnapshot(
  raft: RaftState,
  from: NodeId,
  part: InstallSnapshot,
  host: RaftHost,
): void {
  const isStale = part.term < raft.currentTerm;
  if (!isStale) hearLeader(raft, from, part.term, host);
  const outcome: InstallOutcome = isStale ? { kind: "stale" } : receivePart(raft, part, host);
  const { lastIndex } = part;
  host.send(from, {
    type: "installSnapshotAnswer",
    term: raft.currentTerm,
    lastIndex,
    outcome,
  });
}

function receivePart(raft: RaftState, part: InstallSnapshot, host: RaftHost): InstallOutcome {
  if (part.lastIndex <= raft.commitIndex) return { kind: "installed" };
  const isSame = raft.incoming?.index === part.lastIndex && raft.incoming.term === part.lastTerm;
  if (!isSame) raft.incoming = { index: part.lastIndex, term: part.lastTerm, data: "" };
  const incoming = raft.incoming as NonNullable<typeof raft.incoming>;
  if (part.offset !== incoming.data.length) return { kind: "wants", offset: incoming.data.length };
  incoming.data += part.data;
  if (!part.isDone) return { kind: "wants", offset: incoming.data.length };
  raft.incoming = null;
  install(raft, { ...toSnapshot(part), data: incoming.data }, host);
  return { kind: "installed" };
}

function toSnapshot({ lastIndex, lastTerm, membership }: InstallSnapshot): Omit<Snapshot, "data"> {
  return { index: lastIndex, term: lastTerm, membership };
}

/**
 * Entries that follow the snapshot stay; a log that disagrees with it goes whole (section 5.1).
 * What disagrees goes first and what the snapshot covers last, so that no crash in between leaves
 * a log that is wrong or lacks what was acknowledged.
 */
function install(raft: RaftState, snapshot: Snapshot, host: RaftHost): void {
  const isPrefix = termAt(raft.log, snapshot.index) === snapshot.term;
  const { index } = snapshot;
  if (!isPrefix && lastIndexOf(raft.log) > index) truncateLog(raft, index + 1, host);
  const upTo = Math.min(index, lastIndexOf(raft.log));
  compactLog(raft, { snapshot, upTo }, host);
  if (!isPrefix) {
    raft.log = emptyLog(index, snapshot.term);
    raft.memberships = [];
  }
  adoptSnapshot(raft, snapshot);
  host.note("snapshotInstalled", { index });
}

export function onInstallSnapshotAnswer(
  raft: RaftState,
  from: NodeId,
  message: InstallSnapshotAnswer,
  host: RaftHost,
): void {
  const progress = answering(raft, from, message, host);
  if (progress === undefined) return;
  const { outgoing } = progress;
  if (outgoing?.snapshot.index !== message.lastIndex) return;
  if (message.outcome.kind === "installed") {
    progress.matchIndex = Math.max(progress.matchIndex, message.lastIndex);
    progress.nextIndex = progress.matchIndex + 1;
    progress.state = "replicate";
    progress.outgoing = null;
  } else if (message.outcome.kind === "wants" && message.outcome.offset !== outgoing.offset) {
    outgoing.offset = message.outcome.offset;
    sendPart(raft, from, progress, host);
  }
}
