/** Mirrokni, Thorup, Zadimoghaddam 2018: bounds, where keys are, and how many move. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Random } from "dabbawala/basics";
import { BoundedRing, evenNodes, HashRing } from "dabbawala/partitioning";
import type { PlacementNode } from "dabbawala/partitioning";

const points = { pointsPerNode: 40 };
const named = (count: number, prefix = "n") =>
  evenNodes(Array.from({ length: count }, (_, i) => `${prefix}${i}`));

/** What is wrong: a node over its bound, or a key that has passed over a node with room. */
function disorder(ring: BoundedRing, keys: Iterable<string>): string[] {
  const walks = new HashRing(ring.nodes, points);
  const over = ring.nodes.filter(({ id }) => ring.load(id) > ring.capacity(id));
  const wrong = [...keys].filter((key) => {
    const walk = walks.owners(key, ring.nodes.length);
    const passed = walk.slice(0, walk.indexOf(ring.owner(key)));
    return passed.some((id) => ring.load(id) < ring.capacity(id));
  });
  return [...over.map(({ id }) => `${id} is over its bound`), ...wrong];
}

describe("section 2, every key is as near as there is room", () => {
  it("whatever comes and goes, nodes too", () => {
    const change = fc.tuple(fc.constantFrom("take", "release", "nodes"), fc.nat(60));
    const run = fc.property(
      fc.array(change, { minLength: 1, maxLength: 80 }),
      fc.constantFrom(1.02, 1.25, 2),
      (changes, balance) => {
        let ring = new BoundedRing(named(5), { ...points, balance });
        const held = new Set<string>();
        for (const [what, number] of changes) {
          const key = `wallet-${number}`;
          if (what === "take") expect(ring.take(key)).toBe(ring.owner(key));
          if (what === "take") held.add(key);
          else if (what === "release") ring.release(key);
          if (what === "release") held.delete(key);
          if (what === "nodes") {
            const nodes: PlacementNode[] = named(2 + (number % 6));
            ring = ring.withNodes(nodes.map((node, i) => ({ ...node, weight: 1 + (i % 2) })));
          }
          expect(disorder(ring, held)).toEqual([]);
          expect(ring.nodes.reduce((sum, { id }) => sum + ring.load(id), 0)).toBe(held.size);
        }
      },
    );
    fc.assert(run, { numRuns: 150 });
  });

  it("a key that was turned away comes back when there is room", () => {
    const ring = new BoundedRing(named(2), { ...points, balance: 1.01, expectedKeys: 4 });
    const near = new HashRing(named(2), points);
    const keys = Array.from({ length: 100 }, (_, i) => `k${i}`);
    const [a, b, c, d] = keys.filter((key) => near.owner(key) === "n0");
    for (const key of [a, b, c, d]) ring.take(key);
    expect([a, b, c, d].map((key) => ring.owner(key))).toEqual(["n0", "n0", "n0", "n1"]);
    ring.release(a);
    expect(ring.owner(d)).toBe("n0");
    expect(ring.moves).toBe(1);
  });

  it("a load balancer's connections stay where they are", () => {
    const options = { ...points, balance: 1.01, expectedKeys: 10, movesBack: false };
    const ring = new BoundedRing(named(2), options);
    const owner = ring.take("x");
    for (let i = 0; i < 5; i++) ring.take(`k${i}`);
    expect(ring.take("x")).toBe(owner);
    const before = ring.load(owner);
    ring.release("x");
    ring.release("x");
    expect(ring.load(owner)).toBe(before - 1);
    expect(ring.moves).toBe(0);
  });
});

/** Moves for each key that comes or goes, and for each node, as parts of a node's keys. */
function measured(balance: number, count = 2_000, pointsPerNode = 40) {
  const nodes = named(count / 50);
  const random = new Random(1);
  const ring = new BoundedRing(nodes, { pointsPerNode, balance });
  const keys = Array.from({ length: count }, (_, i) => `wallet-${i}`);
  for (const key of keys) ring.take(key);
  const before = ring.moves;
  const changes = 500;
  for (let i = 0; i < changes; i++) {
    const at = random.below(keys.length);
    ring.release(keys[at]);
    keys[at] = `newer-${i}`;
    ring.take(keys[at]);
  }
  const perKey = (ring.moves - before) / (2 * changes);
  const changed = [[...nodes, { id: "newcomer" }]];
  for (const { id } of nodes.slice(0, 9)) changed.push(nodes.filter((node) => node.id !== id));
  const moved = changed.reduce((sum, some) => sum + ring.withNodes(some).moves, 0);
  const perNode = moved / changed.length / (count / nodes.length);
  return { perKey, perNode };
}

describe("moves for a key are within 1 / (balance - 1)^2 of the least", () => {
  it.each([1.05, 1.1, 1.25, 1.5, 2])("balance %d", (balance) => {
    const bound = Math.max(1, 1 / (balance - 1) ** 2);
    for (const pointsPerNode of [1, 40]) {
      const { perKey, perNode } = measured(balance, 2_000, pointsPerNode);
      expect(perKey).toBeLessThan(bound);
      expect(perNode).toBeLessThan(1 + bound);
    }
  });

  it("more room, fewer moves; and they do not grow with the ring", () => {
    const perKey = [1.05, 1.1, 1.25, 1.5].map((balance) => measured(balance).perKey);
    expect(perKey).toEqual([...perKey].sort((left, right) => right - left));
    expect(perKey[0]).toBeGreaterThan(0.2);
    expect(measured(1.1, 6_000).perKey).toBeLessThan(2 * measured(1.1, 1_000).perKey + 0.1);
  });
});
