/**
 * The replicated log in memory: entries after a base that a snapshot covers. Plain data and
 * functions, so that a node's fields can be copied whole.
 *
 * Source: Ongaro 2014, sections 3.5 and 5.1. Indexes start at 1; index 0 has term 0.
 * Cost: O(1) to read and append, O(n) to drop n entries.
 */
import { assert } from "../../basics";
import type { Membership } from "./membership";

/** What an entry does when it is applied. */
export type EntryBody =
  /** The first entry of every leader (section 6.4, step 1). */
  | { readonly kind: "noop" }
  /** Opens a client session whose id is the entry's index (section 6.3). */
  | { readonly kind: "openSession" }
  | { readonly kind: "command"; readonly command: unknown; readonly session?: SessionStamp }
  /** A read that takes its place in the log (section 6.4, first paragraph). */
  | { readonly kind: "query"; readonly query: unknown }
  | { readonly kind: "membership"; readonly membership: Membership };

/** What makes a repeated command known as one (section 6.3). */
export interface SessionStamp {
  readonly id: number;
  /** Rises by one with each command of the session. */
  readonly sequence: number;
  /** The lowest sequence number whose answer the client still waits for. */
  readonly firstOutstanding: number;
}

export type Entry = EntryBody & { readonly term: number };

export interface Log {
  /** The last index that is no longer held as an entry, and its term. */
  baseIndex: number;
  baseTerm: number;
  entries: Entry[];
}

export function emptyLog(baseIndex = 0, baseTerm = 0): Log {
  return { baseIndex, baseTerm, entries: [] };
}

export function lastIndexOf(log: Log): number {
  return log.baseIndex + log.entries.length;
}

export function lastTermOf(log: Log): number {
  const last = log.entries[log.entries.length - 1];
  return last === undefined ? log.baseTerm : last.term;
}

/** undefined when the index is compacted away or not yet there. */
export function entryAt(log: Log, index: number): Entry | undefined {
  return log.entries[index - log.baseIndex - 1];
}

/** undefined when the term of that index is no longer or not yet known. */
export function termAt(log: Log, index: number): number | undefined {
  return index === log.baseIndex ? log.baseTerm : entryAt(log, index)?.term;
}

/** Up to `count` entries from `first` on; `first` must lie after the base. */
export function entriesFrom(log: Log, first: number, count: number): Entry[] {
  assert(first > log.baseIndex, "entries before the base of the log are gone", {
    first,
    baseIndex: log.baseIndex,
  });
  const start = first - log.baseIndex - 1;
  return log.entries.slice(start, start + count);
}

/** The first index that has the same term as `index`, as far as entries are held. */
export function firstIndexOfTerm(log: Log, index: number): number {
  const term = termAt(log, index) as number;
  return Math.min(index, lastIndexUpToTerm(log, term - 1, index) + 1);
}

/**
 * The last index, up to `from`, with a term of at most `term`; the base when there is none. Found
 * by halving, since terms never fall along a log: O(log n).
 */
export function lastIndexUpToTerm(log: Log, term: number, from: number): number {
  let low = log.baseIndex;
  let high = Math.min(from, lastIndexOf(log));
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((termAt(log, middle) as number) <= term) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Forgets the entries up to `index`, which must be held. */
export function dropUpTo(log: Log, index: number): void {
  const term = termAt(log, index);
  assert(term !== undefined, "only held entries can be dropped", { index });
  log.entries = log.entries.slice(index - log.baseIndex);
  log.baseIndex = index;
  log.baseTerm = term;
}
