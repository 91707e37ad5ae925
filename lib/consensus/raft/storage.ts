/**
 * What a Raft server saves and how it starts again: `vote` (term and vote together), `log/17` (an
 * entry a key) and `snapshot`. Any crash leaves a prefix of the saves of a step, so the order
 * within a step matters and is said at each place.
 *
 * Source: Ongaro 2014, sections 3.8 and 5.1.
 */
import type { NodeId } from "../../protocol";
import { assert } from "../../basics";
import { dropUpTo, emptyLog, entryAt, lastIndexOf, termAt } from "./log";
import type { Entry } from "./log";
import type { Saved } from "./messages";
import { quorumReached } from "./quorum";
import type { SavedVote } from "./rules";
import { sessionsFromJson } from "./sessions";
import { membershipOf } from "./state";
import type { Leadership, RaftHost, RaftState, Snapshot } from "./state";

export function setTerm(
  raft: RaftState,
  { term, votedFor }: { term: number; votedFor: NodeId | null },
  host: RaftHost,
): void {
  assert(term >= raft.currentTerm, "terms never go back", { term, currentTerm: raft.currentTerm });
  raft.currentTerm = term;
  raft.votedFor = votedFor;
  host.save("vote", { term, votedFor } satisfies SavedVote);
}

/**
 * Appends one entry and returns its index. It is saved at once, or, by a leader with parallel
 * writes, at the end of this step, when it is on its way to the followers: see `saveUnsaved`.
 */
export function appendToLog(raft: RaftState, entry: Entry, host: RaftHost): number {
  raft.log.entries.push(entry);
  const index = lastIndexOf(raft.log);
  if (entry.kind === "membership") {
    raft.memberships.push({ index, membership: entry.membership });
    host.note("membership", entry.membership);
  }
  const { leadership } = raft;
  if (leadership !== null && raft.options.hasParallelWrites) leadership.unsaved.push(index);
  else host.save(`log/${index}`, entry);
  return index;
}

/** Saves what the leader has appended in this step, and asks to be told when that is done. */
export function saveUnsaved(raft: RaftState, leadership: Leadership, host: RaftHost): void {
  for (const index of leadership.unsaved) host.save(`log/${index}`, entryAt(raft.log, index));
  leadership.unsaved = [];
  const index = lastIndexOf(raft.log);
  if (!countsWhenSaved(raft) || index <= leadership.askedIndex) return;
  leadership.askedIndex = index;
  host.send(raft.id, { type: "saved", term: raft.currentTerm, index });
}

/**
 * True when a leader counts itself only for entries of which it knows that they are saved: with
 * parallel writes, and where it is a quorum alone. Else an answer of another server stands for it,
 * since a message with entries leaves when they are saved.
 */
export function countsWhenSaved(raft: RaftState): boolean {
  if (raft.options.hasParallelWrites) return true;
  return quorumReached(membershipOf(raft), (id) => (id === raft.id ? 1 : 0)) === 1;
}

export function onSaved(raft: RaftState, { term, index }: Saved): void {
  const { leadership } = raft;
  if (leadership === null || term !== raft.currentTerm) return;
  leadership.savedIndex = Math.max(leadership.savedIndex, index);
}

/** Removes the entries from `first` on; last ones first, so that a crash leaves no gap. */
export function truncateLog(raft: RaftState, first: number, host: RaftHost): void {
  assert(first > raft.commitIndex, "a committed entry is never removed", {
    first,
    commitIndex: raft.commitIndex,
  });
  for (let index = lastIndexOf(raft.log); index >= first; index--) {
    host.save(`log/${index}`, undefined);
  }
  raft.log.entries.length = first - raft.log.baseIndex - 1;
  raft.memberships = raft.memberships.filter(({ index }) => index < first);
}

/** Saves the snapshot first and only then forgets the entries up to `upTo`, which it covers. */
export function compactLog(
  raft: RaftState,
  { snapshot, upTo }: { snapshot: Snapshot; upTo: number },
  host: RaftHost,
): void {
  host.save("snapshot", snapshot);
  raft.snapshot = snapshot;
  for (let index = raft.log.baseIndex + 1; index <= upTo; index++) {
    host.save(`log/${index}`, undefined);
  }
  if (upTo > raft.log.baseIndex) dropUpTo(raft.log, upTo);
  forgetMemberships(raft);
}

/** Keeps the last membership at or before the base and all later ones. */
function forgetMemberships(raft: RaftState): void {
  const { memberships, log } = raft;
  const next = memberships.findIndex(({ index }) => index > log.baseIndex);
  const firstKept = (next === -1 ? memberships.length : next) - 1;
  if (firstKept > 0) raft.memberships = memberships.slice(firstKept);
}

/** The whole state from a snapshot; the log is the caller's to mend. */
export function adoptSnapshot(raft: RaftState, snapshot: Snapshot): void {
  const content = JSON.parse(snapshot.data) as { machine: unknown; sessions: unknown };
  raft.snapshot = snapshot;
  raft.machineState = raft.machine.fromJson(content.machine);
  raft.sessions = sessionsFromJson(content.sessions);
  raft.commitIndex = snapshot.index;
  raft.lastApplied = snapshot.index;
  const later = raft.memberships.filter(({ index }) => index > snapshot.index);
  raft.memberships = [{ index: snapshot.index, membership: snapshot.membership }, ...later];
}

type Disk = Readonly<Record<string, unknown>>;

/** Takes up what was saved, and deletes entries that a crash has left behind out of order. */
export function restore(raft: RaftState, saved: Disk, host: RaftHost): void {
  const vote = saved["vote"] as SavedVote | undefined;
  if (vote !== undefined) {
    const recalled = raft.rules.recallVote(vote);
    raft.currentTerm = recalled.term;
    raft.votedFor = recalled.votedFor;
  }
  const snapshot = saved["snapshot"] as Snapshot | undefined;
  if (snapshot !== undefined) {
    adoptSnapshot(raft, snapshot);
    raft.log = emptyLog(snapshot.index, snapshot.term);
  }
  restoreEntries(raft, saved, host);
}

function restoreEntries(raft: RaftState, saved: Disk, host: RaftHost): void {
  const indexes = Object.keys(saved)
    .filter((key) => key.startsWith("log/"))
    .map((key) => Number(key.slice("log/".length)))
    .sort((left, right) => left - right);
  for (const index of indexes) {
    const entry = saved[`log/${index}`] as Entry;
    const previousTerm = termAt(raft.log, index - 1);
    const isNext = previousTerm !== undefined && index === lastIndexOf(raft.log) + 1;
    if (!isNext || entry.term < previousTerm) {
      host.save(`log/${index}`, undefined);
      continue;
    }
    raft.log.entries.push(entry);
    if (entry.kind === "membership") {
      raft.memberships.push({ index, membership: entry.membership });
    }
  }
}
