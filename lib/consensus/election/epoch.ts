/**
 * The number of a leadership. Whoever leads later has a higher one, and no two leaders ever share
 * one: so whoever keeps the highest that it has met can refuse all deposed leaders (fencing).
 */
import type { NodeId } from "../../protocol";

/** Ordered by the count, and for equal counts by the leader's place in the order of names. */
export interface Epoch {
  readonly count: number;
  readonly leader: NodeId;
}

export const noEpoch: Epoch = { count: 0, leader: "" };

/** Below 0: left comes before; n10 comes after n9. */
export function compareNames(left: NodeId, right: NodeId): number {
  if (left === right) return 0;
  if (left.length !== right.length) return left.length - right.length;
  return left < right ? -1 : 1;
}

export function isHigher(left: NodeId, right: NodeId): boolean {
  return compareNames(left, right) > 0;
}

export function isNewer(left: Epoch, right: Epoch): boolean {
  if (left.count !== right.count) return left.count > right.count;
  return isHigher(left.leader, right.leader);
}

export function isSame(left: Epoch, right: Epoch): boolean {
  return left.count === right.count && left.leader === right.leader;
}

/** The count that a node has saved. Throws a RangeError for one that is none. */
export function savedCount(saved: Readonly<Record<string, unknown>>): number {
  const count = saved["count"] ?? 0;
  if (Number.isSafeInteger(count) && (count as number) >= 0) return count as number;
  throw new RangeError(`the saved count must be a whole number, but was ${String(count)}`);
}

/** The epoch that a node has saved; `noEpoch` without one. */
export function savedEpoch(saved: Readonly<Record<string, unknown>>): Epoch {
  return (saved["epoch"] as Epoch | undefined) ?? noEpoch;
}
