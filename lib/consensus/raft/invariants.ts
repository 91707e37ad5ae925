/**
 * The five properties that Raft promises, checked from outside after every event of a server, and
 * what else must hold of one server's fields.
 *
 * Source: Ongaro 2014, figure 3.2; names as in the TLA+ specification of etcd-io/raft. A server is
 * looked at after it has handled an event, so a leader's commit is seen before any follower's.
 * Cost: O(1) an event and O(1) an entry that is new to a server.
 */
import type { NodeId } from "../../protocol";
import { entryAt, lastIndexOf, lastTermOf, termAt } from "./log";
import type { Entry } from "./log";
import type { RaftState } from "./state";

export interface Violation {
  readonly property: string;
  readonly server: NodeId;
  readonly detail: string;
}

/** What a server's log was when it was looked at last. */
interface Seen {
  state: RaftState;
  term: number;
  role: string;
  baseIndex: number;
  entries: readonly Entry[];
  commitIndex: number;
}

export class RaftInvariants {
  private readonly leaders = new Map<number, NodeId>();
  private readonly seen = new Map<NodeId, Seen>();
  /** What an entry is, and the term of the one before it, by "index:term". */
  private readonly entries = new Map<string, { text: string; previousTerm: number | undefined }>();
  /** Committed entries by index: term, and the term in which it was committed. */
  private readonly committed: { term: number; byTerm: number }[] = [];

  /** The first property that this server breaks; undefined when all hold. */
  observe(server: RaftState): Violation | undefined {
    const last = this.seen.get(server.id);
    const before = last?.state === server ? last : undefined;
    const violation =
      this.electionSafety(server) ??
      this.leaderAppendOnly(server, before) ??
      this.logMatching(server, before) ??
      this.stateMachineSafety(server, before) ??
      this.leaderCompleteness(server) ??
      this.ownFields(server, before);
    this.remember(server);
    return violation && { ...violation, server: server.id };
  }

  /** How many entries were seen committed: progress, for those who wait for it. */
  get committedCount(): number {
    return this.committed.length;
  }

  /** The term of a committed entry; undefined where it is not known. */
  committedTerm(index: number): number | undefined {
    return this.committed[index - 1]?.term;
  }

  /** At most one leader can be elected in a given term. */
  private electionSafety({ id, role, currentTerm }: RaftState): Broken {
    if (role !== "leader") return undefined;
    const other = this.leaders.get(currentTerm) ?? id;
    this.leaders.set(currentTerm, id);
    if (other === id) return undefined;
    return broken("electionSafety", `${other} and ${id} both lead term ${currentTerm}`);
  }

  /** A leader never overwrites or deletes entries in its log; it only appends. */
  private leaderAppendOnly(server: RaftState, before: Seen | undefined): Broken {
    const isSameOffice = before?.role === "leader" && before.term === server.currentTerm;
    if (before === undefined || !isSameOffice || server.role !== "leader") return undefined;
    const end = before.baseIndex + before.entries.length;
    const lastEntry = before.entries[before.entries.length - 1];
    const isKept = end <= server.log.baseIndex || entryAt(server.log, end) === lastEntry;
    return isKept ? undefined : broken("leaderAppendOnly", `entry ${end} changed under its leader`);
  }

  /** Entries of the same index and term are the same, and so is all before them. */
  private logMatching(server: RaftState, before: Seen | undefined): Broken {
    const { log } = server;
    for (let index = lastIndexOf(log); index > log.baseIndex; index--) {
      const entry = entryAt(log, index) as Entry;
      if (before !== undefined && before.entries[index - before.baseIndex - 1] === entry) break;
      const text = JSON.stringify(entry);
      const previousTerm = termAt(log, index - 1);
      const key = `${index}:${entry.term}`;
      const known = this.entries.get(key);
      if (known === undefined) this.entries.set(key, { text, previousTerm });
      else if (known.text !== text || known.previousTerm !== previousTerm) {
        return broken("logMatching", `two entries of index and term ${key}`);
      }
    }
    return undefined;
  }

  /** No two servers ever apply different entries at one index. */
  private stateMachineSafety(server: RaftState, before: Seen | undefined): Broken {
    const { log, commitIndex, currentTerm, role } = server;
    const first = before?.commitIndex ?? log.baseIndex;
    for (let index = first + 1; index <= commitIndex; index++) {
      // Entries may be committed, put into a snapshot and dropped in one step. Of a leader they are
      // those it had; a follower's may have been others, which a snapshot has replaced.
      const old = role === "leader" ? before?.entries[index - before.baseIndex - 1] : undefined;
      const term = termAt(log, index) ?? old?.term;
      if (term === undefined) continue;
      const known = this.committed[index - 1];
      if (known === undefined) this.committed[index - 1] = { term, byTerm: currentTerm };
      else if (known.term !== term) {
        const terms = `${known.term} and ${term}`;
        return broken("stateMachineSafety", `entry ${index} was committed of terms ${terms}`);
      }
    }
    return undefined;
  }

  /** An entry committed in a term is in the logs of the leaders of all later terms. */
  private leaderCompleteness({ role, currentTerm, log }: RaftState): Broken {
    if (role !== "leader") return undefined;
    let index = this.committed.length;
    while (
      index > log.baseIndex &&
      (this.committed[index - 1]?.byTerm ?? Infinity) >= currentTerm
    ) {
      index--;
    }
    if (index <= log.baseIndex) return undefined;
    if (termAt(log, index) === this.committed[index - 1].term) return undefined;
    return broken("leaderCompleteness", `leader of term ${currentTerm} lacks entry ${index}`);
  }

  /** Terms and commits never go back while a server runs; logs are ordered by term. */
  private ownFields(server: RaftState, before: Seen | undefined): Broken {
    const { log, currentTerm, commitIndex, lastApplied } = server;
    if (before !== undefined && currentTerm < before.term) {
      return broken("termsOnlyRise", `from ${before.term} to ${currentTerm}`);
    }
    if (before !== undefined && commitIndex < before.commitIndex) {
      return broken("commitsOnlyRise", `from ${before.commitIndex} to ${commitIndex}`);
    }
    if (commitIndex > lastIndexOf(log) || lastApplied !== commitIndex) {
      const what = `committed ${commitIndex}, applied ${lastApplied}, last ${lastIndexOf(log)}`;
      return broken("appliesWhatIsCommitted", what);
    }
    if (lastTermOf(log) > currentTerm) {
      return broken("logsEndByTheCurrentTerm", `${lastTermOf(log)} after ${currentTerm}`);
    }
    return undefined;
  }

  private remember(state: RaftState): void {
    const { baseIndex, entries } = state.log;
    const before = this.seen.get(state.id);
    const isUnchanged =
      before?.baseIndex === baseIndex &&
      before.entries.length === entries.length &&
      before.entries[entries.length - 1] === entries[entries.length - 1];
    this.seen.set(state.id, {
      state,
      term: state.currentTerm,
      role: state.role,
      baseIndex,
      entries: isUnchanged ? before.entries : [...entries],
      commitIndex: state.commitIndex,
    });
  }
}

type Broken = { readonly property: string; readonly detail: string } | undefined;

function broken(property: string, detail: string): Broken {
  return { property, detail };
}
