/**
 * Snapshots: each server takes its own, forgets the log behind it, and installs a leader's when it
 * lacks entries that the leader has forgotten; how the leader sends it is in `snapshot-sending.ts`.
 *
 * Source: Ongaro 2014, chapter 5, figure 5.3. Ours: parts are characters of JSON text, which may
 * arrive in any order; what a follower still needs after the snapshot it is being sent is kept,
 * as in CockroachDB: else each snapshot would be too old when it arrives.
 * Cost: a snapshot is one write of the whole state, rarer where that is large.
 */
import type { NodeId } from "../../protocol";
import { hearLeader } from "./append-entries";
import { emptyLog, lastIndexOf, termAt } from "./log";
import type { InstallOutcome, InstallSnapshot } from "./messages";
import type { RaftOptions } from "./options";
import { sessionsToJson } from "./sessions";
import type { IncomingSnapshot, RaftHost, RaftState, Snapshot } from "./state";
import { adoptSnapshot, compactLog, truncateLog } from "./storage";

/** So many entries at most are kept for followers that are being sent a snapshot. */
const maxKeptEntries = 10_000;

/** After `snapshotEvery` applied entries, or more: a snapshot of the state as it is applied now. */
export function takeSnapshotIfDue(raft: RaftState, host: RaftHost): void {
  const { snapshotEvery, snapshotLengthPerEntry, trailingEntries } = raft.options;
  const { lastApplied: index } = raft;
  const { index: lastIndex, data } = raft.snapshot ?? { index: 0, data: "" };
  if (index - lastIndex < Math.max(snapshotEvery, data.length / snapshotLengthPerEntry)) return;
  const content = raft.rules.snapshotContent({
    machine: raft.machine.toJson(raft.machineState),
    sessions: sessionsToJson(raft.sessions),
  });
  const { membership } = lastWhere(raft.memberships, (entry) => entry.index <= index);
  const term = termAt(raft.log, index) as number;
  const snapshot = { index, term, membership, data: JSON.stringify(content) };
  const wanted = Math.min(index - trailingEntries, firstSnapshotOnItsWay(raft, host.nowMs));
  const upTo = Math.max(raft.log.baseIndex, index - maxKeptEntries - trailingEntries, wanted);
  compactLog(raft, { snapshot, upTo }, host);
  host.note("snapshotTaken", { index, length: snapshot.data.length });
}

/** The index of the oldest snapshot that a follower is installing, if it still answers. */
function firstSnapshotOnItsWay({ leadership, options }: RaftState, nowMs: number): number {
  let first = Infinity;
  for (const { outgoing, heardMs } of leadership?.progress.values() ?? []) {
    const isHeard = nowMs - heardMs < options.electionTimeoutMaxMs;
    if (outgoing !== null && isHeard) first = Math.min(first, outgoing.snapshot.index);
  }
  return first;
}

function lastWhere<Item>(items: readonly Item[], isWanted: (item: Item) => boolean): Item {
  return items.filter(isWanted).pop() as Item;
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
  if (!raft.rules.isSnapshotNew(part.lastIndex, raft.commitIndex)) return { kind: "installed" };
  const { lastIndex: index, term: byTerm } = part;
  const isSame = raft.incoming?.index === index && raft.incoming.byTerm === byTerm;
  if (!isSame) raft.incoming = { index, byTerm, data: "", early: new Map() };
  const incoming = raft.incoming as IncomingSnapshot;
  if (!takePart(incoming, part, raft.options)) {
    return { kind: "wants", offset: incoming.data.length };
  }
  raft.incoming = null;
  install(raft, { ...toSnapshot(part), data: incoming.data }, host);
  return { kind: "installed" };
}

/**
 * True when this part makes the snapshot whole; one that comes early waits for those before. What
 * is beyond a window was sent before this server started again, and would take up its place.
 */
function takePart(
  incoming: IncomingSnapshot,
  { offset, data, isDone }: InstallSnapshot,
  { maxInFlight, snapshotChunkLength }: RaftOptions,
): boolean {
  const { early } = incoming;
  const part = { data, isDone };
  const ahead = offset - incoming.data.length;
  if (ahead > 0 && ahead < maxInFlight * snapshotChunkLength) early.set(offset, part);
  let next = ahead === 0 ? part : undefined;
  while (next !== undefined) {
    incoming.data += next.data;
    if (next.isDone) return true;
    const { length } = incoming.data;
    next = early.get(length);
    early.delete(length);
  }
  return false;
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
