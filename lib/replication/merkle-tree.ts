/**
 * A tree of hashes over the entries of a key range: two replicas find what they differ in by
 * comparing hashes from the root down, and send nothing about what is equal.
 *
 * Source: R. Merkle, "A digital signature based on a conventional encryption function", CRYPTO
 * 1987; for replicas, G. DeCandia et al., "Dynamo", SOSP 2007, section 4.7. There a leaf is a key;
 * ours is a bucket of keys, whose hash is the sum of its entries', so that a change costs O(1).
 * Assumes: nobody chooses entries so that their hashes collide.
 * Guarantees: equal entries give equal hashes; different ones different hashes, but for 1 in 2^64.
 * Cost: 2^(depth - level) steps for a hash at a level; 60 bytes a bucket that is not empty.
 */
import { murmur128, murmur32 } from "../basics";

/** Plain data. */
export interface MerkleTree {
  /** Levels below the root: there are 2^depth buckets. */
  readonly depth: number;
  /** Sums of the hashes of a bucket's entries, modulo 2^32, two and two halves. */
  readonly sums: Map<number, readonly [number, number]>;
}

export function emptyTree(depth: number): MerkleTree {
  return { depth, sums: new Map() };
}

/** The bucket that a key is in, from 0. */
export function bucketOf(tree: MerkleTree, key: string): number {
  return murmur32(key, 7) & (2 ** tree.depth - 1);
}

/** An entry's content is now `after`; `before` and `after` are undefined where there is none. */
export function changeEntry(
  tree: MerkleTree,
  key: string,
  before: string | undefined,
  after: string | undefined,
): void {
  const bucket = bucketOf(tree, key);
  let [high, low] = tree.sums.get(bucket) ?? [0, 0];
  for (const [content, sign] of [[before, -1] as const, [after, 1] as const]) {
    if (content === undefined) continue;
    const digest = murmur128(`${key}\n${content}`);
    high = (high + sign * parseInt(digest.slice(0, 8), 16)) >>> 0;
    low = (low + sign * parseInt(digest.slice(8, 16), 16)) >>> 0;
  }
  if (high === 0 && low === 0) tree.sums.delete(bucket);
  else tree.sums.set(bucket, [high, low]);
}

/** The hash of a node of the tree: level 0 is the root, `index` counts from 0 within a level. */
export function hashAt(tree: MerkleTree, level: number, index: number): string {
  if (level === tree.depth) {
    const sum = tree.sums.get(index);
    return sum === undefined ? "" : sum.map((half) => half.toString(36)).join(".");
  }
  const left = hashAt(tree, level + 1, 2 * index);
  const right = hashAt(tree, level + 1, 2 * index + 1);
  return left === "" && right === "" ? "" : murmur128(`${left} ${right}`).slice(0, 16);
}

/** Hashes by their index in a level. */
export type LevelHashes = readonly (readonly [index: number, hash: string])[];

/** Those of the given nodes of a level whose hash is another one here. */
export function differing(tree: MerkleTree, level: number, hashes: LevelHashes): number[] {
  return hashes
    .filter(([index, hash]) => hashAt(tree, level, index) !== hash)
    .map(([index]) => index);
}

/** The hashes of the children of these nodes, for the next level's comparison. */
export function childHashes(
  tree: MerkleTree,
  level: number,
  nodes: readonly number[],
): LevelHashes {
  return nodes
    .flatMap((index) => [2 * index, 2 * index + 1])
    .map((index) => [index, hashAt(tree, level + 1, index)]);
}
