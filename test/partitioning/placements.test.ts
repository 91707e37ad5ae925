/** What every placement owes its users, and what only some promise: nothing moves in vain. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BoundedRing, evenNodes, fillMaglev, HashRing } from "dabbawala/partitioning";
import { JumpHash, KeyRanges } from "dabbawala/partitioning";
import { Maglev, Rendezvous, spreadOwners } from "dabbawala/partitioning";
import type { Placement, PlacementNode } from "dabbawala/partitioning";

const keys = Array.from({ length: 2_000 }, (_, i) => `wallet-${i}`);

type Make = (nodes: readonly PlacementNode[]) => Placement;
const small = { pointsPerNode: 40 };
const makers: Readonly<Record<string, Make>> = {
  ring: (nodes) => new HashRing(nodes, small),
  ketama: (nodes) => new HashRing(nodes, { dialect: "ketama" }),
  "bounded ring": (nodes) => new BoundedRing(nodes, { ...small, expectedKeys: keys.length }),
  jump: (nodes) => new JumpHash(nodes),
  rendezvous: (nodes) => new Rendezvous(nodes),
  maglev: (nodes) => new Maglev(nodes, { tableSize: 1_009 }),
  ranges: (nodes) => KeyRanges.fromSample(nodes, keys),
};

function ownersOf(placement: Placement): string[] {
  const isBounded = placement instanceof BoundedRing;
  return keys.map((key) => (isBounded ? placement.take(key) : placement.owner(key)));
}

/** Moves between nodes that were there before and are there after. */
function movedInVain(before: Placement, after: Placement): number {
  const [old, now] = [ownersOf(before), ownersOf(after)];
  const isIn = ({ nodes }: Placement, id: string): boolean => nodes.some((node) => node.id === id);
  return old.filter((from, i) => {
    return from !== now[i] && isIn(after, from) && isIn(before, now[i]);
  }).length;
}

const names = fc.uniqueArray(fc.stringMatching(/^[a-z0-9.]{1,8}$/), { minLength: 2, maxLength: 9 });

describe.each(Object.entries(makers))("%s", (name, make) => {
  it("gives every key one owner, and as many different owners as asked for", () => {
    const run = fc.property(names, fc.string(), fc.nat(12), (ids, key, count) => {
      const placement = make(evenNodes(ids));
      const owners = placement.owners(key, count);
      expect(ids).toContain(placement.owner(key));
      expect(owners).toHaveLength(Math.min(count, ids.length));
      expect(new Set(owners).size).toBe(owners.length);
      if (count > 0) expect(owners[0]).toBe(placement.owner(key));
      for (const owner of owners) expect(ids).toContain(owner);
    });
    fc.assert(run, { numRuns: 60 });
  });

  it("has the same owners whatever the order in which nodes are named, unless order is meant", () => {
    if (["jump", "ranges"].includes(name)) return;
    const run = fc.property(names, (ids) => {
      expect(ownersOf(make(evenNodes(ids)))).toEqual(ownersOf(make(evenNodes([...ids].reverse()))));
    });
    fc.assert(run, { numRuns: 15 });
  });

  it("gives each about its share by weight", () => {
    const nodes = [1, 1, 2, 4].map((weight, i) => ({ id: `n${i}`, weight }));
    const placement = name === "ring" ? new HashRing(nodes, { pointsPerNode: 2_000 }) : make(nodes);
    const owners = ownersOf(placement);
    for (const { id, weight } of nodes) {
      const share = owners.filter((owner) => owner === id).length / keys.length;
      const slack = name === "bounded ring" ? 0.25 : name === "ketama" ? 0.3 : 0.15;
      expect(share / (weight / 8)).toBeGreaterThan(1 - slack - 0.05);
      expect(share / (weight / 8)).toBeLessThan(1 + slack + 0.05);
    }
  });

  it.each([-1, 1.5, NaN, undefined as unknown as number])("refuses %s owners", (count) => {
    expect(() => make(evenNodes(["a", "b", "c"])).owners("key", count)).toThrow("count must be");
  });

  it("refuses no nodes, names that are none or taken, and odd weights", () => {
    expect(() => make([])).toThrow("at least one node");
    expect(() => make(undefined as never)).toThrow("at least one node");
    expect(() => make(["a", "b"] as never)).toThrow('such as { id: "n1" }');
    expect(() => make([{ id: "" }])).toThrow('such as { id: "n1" }');
    expect(() => make([{ id: "a", weight: NaN }])).toThrow("weight of a");
    expect(() => make(evenNodes(["a", "a"]))).toThrow("two nodes of the name a");
    expect(() => make([{ id: "a", weight: -1 }])).toThrow("weight of a");
  });
});

describe("nothing moves in vain", () => {
  it.each(["ring", "rendezvous", "ranges"])("on join and leave: %s", (name) => {
    const run = fc.property(names, fc.nat(), (ids, pick) => {
      const whole = makers[name](evenNodes(ids));
      const rest = evenNodes(ids.filter((_, i) => i !== pick % ids.length));
      expect(movedInVain(whole, whole.withNodes(rest))).toBe(0);
      const before = makers[name](rest);
      expect(movedInVain(before, before.withNodes(evenNodes(ids)))).toBe(0);
    });
    fc.assert(run, { numRuns: 25 });
  });

  it.each(["ring", "rendezvous"])("on a new weight, all moves are to or from it: %s", (name) => {
    const run = fc.property(names, fc.integer({ min: 2, max: 5 }), (ids, weight) => {
      const even = evenNodes(ids);
      const before = makers[name](even);
      const after = before.withNodes([{ id: ids[0], weight }, ...even.slice(1)]);
      const [old, now] = [ownersOf(before), ownersOf(after)];
      // 40 points are not exact shares, but whoever becomes heavier only gains.
      expect(old.every((from, i) => from === now[i] || now[i] === ids[0])).toBe(true);
    });
    fc.assert(run, { numRuns: 25 });
  });

  it.each([
    ["jump", makers["jump"]],
    ["rendezvous", makers["rendezvous"]],
  ])("%s moves 1/(n+1) of the keys, within 3 deviations, all to the newcomer", (_, make) => {
    for (let buckets = 1; buckets < 40; buckets += 3) {
      const ids = Array.from({ length: buckets + 1 }, (_, i) => `n${i}`);
      const before = make(evenNodes(ids.slice(0, -1)));
      const [old, now] = [ownersOf(before), ownersOf(before.withNodes(evenNodes(ids)))];
      const moved = now.filter((to, i) => to !== old[i]);
      const rate = 1 / (buckets + 1);
      const deviation = Math.sqrt(keys.length * rate * (1 - rate));
      expect(Math.abs(moved.length - keys.length * rate)).toBeLessThan(3 * deviation);
      expect(moved.every((to) => to === `n${buckets}`)).toBe(true);
    }
  });

  it("jump fills the place of a node that leaves with the last one, whose keys move too", () => {
    const before = new JumpHash(evenNodes(["a", "b", "c", "d"]));
    const after = before.withNodes(evenNodes(["a", "c", "d"]));
    const [old, now] = [ownersOf(before), ownersOf(after)];
    expect(now).not.toContain("b");
    const moved = keys.filter((_, i) => old[i] !== now[i]).length / keys.length;
    expect(moved).toBeGreaterThan(0.4);
    expect(moved).toBeLessThan(0.6);
    expect(keys.every((_, i) => old[i] !== "a" || now[i] === "a")).toBe(true);
  });

  it("maglev moves little in vain with a large table", () => {
    const ids = Array.from({ length: 10 }, (_, i) => `n${i}`);
    const before = new Maglev(evenNodes(ids));
    const inVain = movedInVain(before, before.withNodes(evenNodes(ids.slice(1))));
    expect(inVain / keys.length).toBeLessThan(0.03);
  });
});

describe("what would never end, or leave a node without keys, is refused", () => {
  const ids = evenNodes(["a", "b", "c"]);

  it("by Maglev: a table that no order fills", () => {
    const orders = [{ offset: 0, skip: 2 }];
    expect(() => fillMaglev([], 7)).toThrow("one node at least");
    expect(() => fillMaglev(orders, 10)).toThrow("prime");
    expect(() => fillMaglev([{ offset: 0, skip: 0 }], 7)).toThrow("skip");
    expect(() => fillMaglev([{ offset: NaN, skip: 1 }], 7)).toThrow("offset");
    expect(() => fillMaglev([{ ...orders[0], weight: 0 }], 7)).toThrow("weight");
    expect(() => new Maglev(ids, { tableSize: 65_536 })).toThrow("prime");
  });

  it("by jump: buckets that are nobody's, or not all nodes'", () => {
    for (const buckets of [[], ["a", "b"], ["a", "b", "c", "d"]]) {
      expect(() => new JumpHash(ids, buckets)).toThrow("must have a bucket");
    }
    expect(new JumpHash(ids, ["c", "c", "a", "b"]).owners("key", 3)).toHaveLength(3);
  });

  it("by rings: names of options, places, a node too light for ketama", () => {
    expect(() => new HashRing(ids, { points: 3 } as object)).toThrow('no option "points"');
    expect(() => new BoundedRing(ids, { load: 3 } as object)).toThrow('no option "load"');
    expect(() => new HashRing(ids, { dialect: "md5" as never })).toThrow("murmur3, ketama");
    expect(() => new HashRing(ids).ownersAt(2 ** 32, 1)).toThrow("place");
    const uneven = [
      { id: "a", weight: 1_000 },
      { id: "b", weight: 1 },
    ];
    expect(() => new HashRing(uneven, { dialect: "ketama" })).toThrow("b weighs too little");
    expect(new HashRing(uneven).owners("key", 2)).toHaveLength(2);
  });

  it("by ranges: shares that are none", () => {
    const range = { from: "", node: "a", share: NaN };
    expect(() => new KeyRanges(ids, [range])).toThrow('share of ""');
  });
});

describe("the bounded ring", () => {
  it("never lets a node hold more than its bound", () => {
    const run = fc.property(
      names,
      fc.double({ min: 1.01, max: 2, noNaN: true }),
      (ids, balance) => {
        const ring = new BoundedRing(evenNodes(ids), { ...small, balance });
        for (const key of keys) ring.take(key);
        const most = Math.ceil((balance * keys.length) / ids.length);
        for (const id of ids) expect(ring.load(id)).toBeLessThanOrEqual(most);
        expect(ids.reduce((sum, id) => sum + ring.load(id), 0)).toBe(keys.length);
      },
    );
    fc.assert(run, { numRuns: 20 });
  });
});

describe("ranges", () => {
  const ranges = KeyRanges.fromSample(evenNodes(["a", "b"]), keys, 4);

  it("keep neighbours together", () => {
    const owners = [...keys].sort().map((key) => ranges.owner(key));
    const changes = owners.filter((owner, i) => i > 0 && owner !== owners[i - 1]);
    expect(changes.length).toBeLessThan(8);
  });

  it("are split without a key moving", () => {
    const split = ranges.split("wallet-5000");
    expect(split.ranges).toHaveLength(ranges.ranges.length + 1);
    expect(ownersOf(split)).toEqual(ownersOf(ranges));
    expect(() => split.split("wallet-5000")).toThrow("already");
  });

  it("refuse a disorder", () => {
    const nodes = evenNodes(["a"]);
    expect(() => new KeyRanges(nodes, [{ from: "x", node: "a", share: 1 }])).toThrow("order");
    expect(() => new KeyRanges(nodes, [{ from: "", node: "b", share: 1 }])).toThrow('"b"');
  });
});

describe("owners spread over homes", () => {
  const homes: Record<string, { city: string; rack: string }> = {
    a: { city: "Mumbai", rack: "1" },
    b: { city: "Mumbai", rack: "1" },
    c: { city: "Mumbai", rack: "2" },
    d: { city: "Delhi", rack: "1" },
  };
  const spread = (ids: string[], count: number): string[] =>
    spreadOwners(ids, count, (id) => homes[id]);

  it("take cities first, then racks, then whoever comes", () => {
    expect(spread(["a", "b", "c", "d"], 2)).toEqual(["a", "d"]);
    expect(spread(["a", "b", "c", "d"], 3)).toEqual(["a", "c", "d"]);
    expect(spread(["a", "b", "c", "d"], 9)).toEqual(["a", "b", "c", "d"]);
    expect(spread(["b", "a"], 2)).toEqual(["b", "a"]);
  });

  it("change by one node at most when one node comes", () => {
    const run = fc.property(
      fc.shuffledSubarray(["a", "b", "c", "d"], { minLength: 2 }),
      fc.nat(3),
      fc.array(fc.record({ city: fc.constantFrom("x", "y"), rack: fc.constantFrom("1", "2") }), {
        minLength: 4,
        maxLength: 4,
      }),
      (ids, count, places) => {
        const homeOf = (id: string) => places["abcd".indexOf(id)];
        const before = spreadOwners(ids.slice(1), count, homeOf);
        const after = spreadOwners(ids, count, homeOf);
        expect(after.filter((id) => !before.includes(id) && id !== ids[0])).toEqual([]);
      },
    );
    fc.assert(run, { numRuns: 2_000 });
  });
});
