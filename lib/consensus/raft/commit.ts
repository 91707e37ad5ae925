/**
 * Commit and apply: what a quorum holds is applied in the log's order, and those who wait for an
 * answer get it.
 *
 * Source: Ongaro 2014, sections 3.5, 3.6.2, 6.3.
 * Guarantees: state-machine safety; an entry of an older term is never committed by counting.
 */
import { assert } from "../../basics";
import { entryAt, lastIndexOf, termAt } from "./log";
import type { Entry } from "./log";
import type { Answer } from "./messages";
import { reached } from "./progress";
import { countsWhenSaved } from "./storage";
import { applyOnce, openSession } from "./sessions";
import { answer } from "./state";
import type { Leadership, RaftHost, RaftState } from "./state";

/** Leader: commits what a quorum holds. Returns whether anything was. */
export function advanceCommit(raft: RaftState, leadership: Leadership, host: RaftHost): boolean {
  const own = countsWhenSaved(raft) ? leadership.savedIndex : lastIndexOf(raft.log);
  const index = reached(raft, leadership, { own, of: ({ matchIndex }) => matchIndex });
  if (index <= raft.commitIndex) return false;
  if (!raft.rules.mayCommit(termAt(raft.log, index) as number, raft.currentTerm)) return false;
  raft.commitIndex = index;
  host.note("committed", index);
  return true;
}

export function applyCommitted(raft: RaftState, host: RaftHost): void {
  const pending = raft.leadership?.pending;
  while (raft.lastApplied < raft.commitIndex) {
    const index = raft.lastApplied + 1;
    const entry = entryAt(raft.log, index);
    assert(entry !== undefined, "a committed entry is held", { index });
    const body = applyEntry(raft, index, entry);
    raft.lastApplied = index;
    const asker = pending?.get(index);
    if (asker === undefined) continue;
    pending?.delete(index);
    answer(host, asker, body);
  }
}

function applyEntry(raft: RaftState, index: number, entry: Entry): Answer {
  switch (entry.kind) {
    case "noop":
    case "membership":
      return ok(null);
    case "openSession":
      openSession(raft.sessions, index, raft.options.maxSessions);
      return ok({ session: index });
    case "query":
      return ok(raft.machine.query(raft.machineState, entry.query));
    case "command":
      return applyCommand(raft, entry);
  }
}

function applyCommand(raft: RaftState, entry: Extract<Entry, { kind: "command" }>): Answer {
  const apply = (): unknown => raft.machine.apply(raft.machineState, entry.command);
  if (entry.session === undefined) return ok(apply());
  const outcome = applyOnce(raft.sessions, entry.session, apply);
  switch (outcome.kind) {
    case "answered":
      return ok(outcome.answer);
    case "expired":
      return { kind: "sessionExpired" };
    case "forgotten":
      return { kind: "refused", reason: "the client has said it no longer waits for this command" };
    case "tooMany":
      return { kind: "refused", reason: "the session has too many commands outstanding" };
  }
}

function ok(result: unknown): Answer {
  return { kind: "ok", result };
}
