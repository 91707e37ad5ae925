/** The rows that a server has: bounded, the least recently used goes first, each with its end. */
import type { Permit, Row } from "./messages";
import type { Entry } from "./records";
import type { CacheHost, ServerState } from "./state";

/** A row that is not known to be over; counts as a use. */
export function find(node: ServerState, key: string): Entry | undefined {
  const entry = node.entries.get(key);
  if (entry === undefined) return undefined;
  node.entries.delete(key);
  node.entries.set(key, entry);
  return entry;
}

/** Keeps a row. False where it would be over already, or there is no room but for dirty rows. */
export function keep(node: ServerState, key: string, entry: Entry, host: CacheHost): boolean {
  if (!entry.isDirty && entry.endsAtMs <= host.nowMs) return false;
  node.entries.delete(key);
  if (!makeRoom(node, host)) return false;
  node.entries.set(key, entry);
  if (node.rules.isSaved) host.save(`entry/${key}`, entry);
  return true;
}

function makeRoom(node: ServerState, host: CacheHost): boolean {
  while (node.entries.size >= node.options.capacity) {
    const victim = firstThat(node);
    if (victim === undefined) return false;
    drop(node, victim, host);
    host.note("evicted", victim);
  }
  return true;
}

function firstThat(node: ServerState): string | undefined {
  for (const [key, entry] of node.entries) if (node.rules.mayEvict(entry)) return key;
  return undefined;
}

export function drop(node: ServerState, key: string, host: CacheHost): void {
  node.entries.delete(key);
  if (node.rules.isSaved) host.save(`entry/${key}`, undefined);
}

/** How long a row is good; 0: it is not kept at all. */
export function ttlOf({ options }: ServerState, row: Row): number {
  return row.value === null ? options.negativeTtlMs : options.ttlMs;
}

/** A row as it was loaded with a permit. */
export function loadedEntry(
  node: ServerState,
  { row, permit, tookMs }: { row: Row; permit: Permit; tookMs: number },
  host: CacheHost,
): Entry {
  const endsAtMs = node.rules.endsAtMs(permit, host.nowMs, ttlOf(node, row));
  return { row, endsAtMs, tookMs, isDirty: false };
}
