/**
 * A replica that is kept equal by gossip: for each key the newest value, with a checksum of all, so
 * that two replicas see in one small message that they agree.
 *
 * Source: Demers et al. 1987, sections 1.1 (timestamps) and 1.3 (checksums).
 */
import { murmur32 } from "../../basics";
import type { NodeId } from "../../protocol";

/** When and where a value was written: a counter that never runs back, then the writer's name. */
export interface Stamp {
  readonly time: number;
  readonly writer: NodeId;
}

export interface Entry {
  readonly key: string;
  /** Null: a death certificate; the key was deleted. */
  readonly value: unknown;
  readonly stamp: Stamp;
}

/** Plain data. */
export interface Database {
  readonly entries: Map<string, Entry>;
  /** The sum of the hashes of all entries, modulo 2^32: it hangs on no order. */
  checksum: number;
  /** The highest time in a stamp that was seen. */
  time: number;
}

export function emptyDatabase(): Database {
  return { entries: new Map(), checksum: 0, time: 0 };
}

/** True when the entry is newer than what was there, and has taken its place. */
export function merge(database: Database, entry: Entry, isNewer = isLater): boolean {
  const known = database.entries.get(entry.key);
  if (known !== undefined && !isNewer(entry.stamp, known.stamp)) return false;
  const before = known === undefined ? 0 : hashOf(known);
  database.checksum = (database.checksum - before + hashOf(entry)) >>> 0;
  database.entries.set(entry.key, entry);
  database.time = Math.max(database.time, entry.stamp.time);
  return true;
}

export function isLater(left: Stamp, right: Stamp): boolean {
  return left.time > right.time || (left.time === right.time && left.writer > right.writer);
}

/**
 * Of the key and the stamp: they decide the value. Every bit of it has to depend on every letter:
 * of sums of weaker hashes, such as FNV-1a, two that differ in the writers alone are often equal.
 */
function hashOf({ key, stamp }: Entry): number {
  return murmur32(`${key}\n${stamp.time}\n${stamp.writer}`);
}
