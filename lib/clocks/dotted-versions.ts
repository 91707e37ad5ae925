/**
 * The versions of one value that nobody has yet brought together. Each has a dot, the event that
 * made it, and the past that its writer had seen: a version is obsolete when another one's past has
 * its dot. So two clients that write through one server at the same time leave two versions, which
 * a version vector a server cannot tell apart.
 *
 * Source: N. Preguica et al., "Dotted version vectors: efficient causality tracking for distributed
 * key-value stores", arXiv:1011.5808, 2010, sections 5 and 6.
 * Assumes: an actor numbers its dots 1, 2, 3... and hands on all versions that it has with each; so
 * whoever has seen one of its dots has seen, or seen replaced, all its earlier ones.
 * Guarantees: merging is commutative, associative and idempotent; no version is lost unseen.
 * Cost: a dot and a vector a version; O(versions^2) to merge, of which there are few.
 */
import { mergeVectors } from "./version-vector";
import type { VersionVector } from "./version-vector";

export interface Dot {
  readonly actor: string;
  /** From 1. */
  readonly count: number;
}

export interface Version<V = unknown> {
  readonly dot: Dot;
  /** What the writer had seen: all versions whose dots are in it are replaced by this one. */
  readonly past: VersionVector;
  readonly value: V;
}

/** In the order of their dots, so that equal sets are equal as JSON. */
export type Siblings<V = unknown> = readonly Version<V>[];

export function hasSeen(past: VersionVector, { actor, count }: Dot): boolean {
  return count <= (past[actor] ?? 0);
}

/** All versions of both that no other one replaces. */
export function mergeSiblings<V>(left: Siblings<V>, right: Siblings<V>): Siblings<V> {
  if (right.length === 0) return left;
  if (left.length === 0) return right;
  const others = right.filter(({ dot }) => !left.some((version) => isSame(version.dot, dot)));
  const all = [...left, ...others];
  const kept = all.filter(({ dot }) => !all.some(({ past }) => hasSeen(past, dot)));
  return kept.sort((one, other) => orderOf(one.dot, other.dot));
}

/** What somebody has seen who reads these: the context of a later write. */
export function contextOf(siblings: Siblings): VersionVector {
  return siblings.reduce<VersionVector>(
    (seen, { dot, past }) => mergeVectors(mergeVectors(seen, past), { [dot.actor]: dot.count }),
    {},
  );
}

/** After a write whose writer had seen `version.past`: what it has not seen stays beside it. */
export function writeVersion<V>(siblings: Siblings<V>, version: Version<V>): Siblings<V> {
  return mergeSiblings(siblings, [version]);
}

/** True when both have the same versions. */
export function areSameVersions(left: Siblings, right: Siblings): boolean {
  return left.length === right.length && left.every(({ dot }, i) => isSame(dot, right[i].dot));
}

function isSame(left: Dot, right: Dot): boolean {
  return left.actor === right.actor && left.count === right.count;
}

function orderOf(left: Dot, right: Dot): number {
  if (left.actor === right.actor) return left.count - right.count;
  return left.actor < right.actor ? -1 : 1;
}
