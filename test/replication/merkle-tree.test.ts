import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bucketOf,
  changeEntry,
  childHashes,
  differing,
} from "dabbawala/dist/replication/merkle-tree";
import { emptyTree, hashAt } from "dabbawala/dist/replication/merkle-tree";
import type { MerkleTree } from "dabbawala/dist/replication/merkle-tree";

function treeOf(entries: ReadonlyMap<string, string>, depth = 5): MerkleTree {
  const tree = emptyTree(depth);
  for (const [key, content] of entries) changeEntry(tree, key, undefined, content);
  return tree;
}

/** From the root down, as two replicas do it. */
function differentBuckets(one: MerkleTree, other: MerkleTree): number[] {
  let nodes = differing(one, 0, [[0, hashAt(other, 0, 0)]]);
  for (let level = 0; level < one.depth; level++) {
    nodes = differing(one, level + 1, childHashes(other, level, nodes));
  }
  return nodes;
}

const entries = fc.dictionary(fc.string(), fc.string()).map((all) => new Map(Object.entries(all)));

describe("a Merkle tree", () => {
  it("has the same hashes for the same entries, whatever the order and the history", () => {
    const run = fc.property(entries, entries, (final, before) => {
      const tree = treeOf(before);
      for (const [key, content] of before) changeEntry(tree, key, content, final.get(key));
      for (const [key, content] of final) {
        if (!before.has(key)) changeEntry(tree, key, undefined, content);
      }
      expect(tree.sums).toEqual(treeOf(new Map([...final].reverse())).sums);
      expect(hashAt(tree, 0, 0)).toBe(hashAt(treeOf(final), 0, 0));
    });
    fc.assert(run);
  });

  it("leads to exactly the buckets that differ", () => {
    const run = fc.property(entries, entries, (some, others) => {
      const [one, other] = [treeOf(some), treeOf(others)];
      const keys = [...some.keys(), ...others.keys()];
      const wrong = keys.filter((key) => some.get(key) !== others.get(key));
      const buckets = [...new Set(wrong.map((key) => bucketOf(one, key)))];
      expect(differentBuckets(one, other).sort()).toEqual(buckets.sort());
    });
    fc.assert(run);
  });

  it("of no entries has no hash", () => {
    expect(hashAt(emptyTree(4), 0, 0)).toBe("");
  });
});
