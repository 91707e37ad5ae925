import { describe, expect, it } from "vitest";
import { comparePlacements, HashRing, Rendezvous } from "dabbawala/partitioning";
import type { MakePlacement, Placement, PlacementNode } from "dabbawala/partitioning";

/** As if only the nodes of `inner` had keys. */
function withFixedOwner(nodes: readonly PlacementNode[], inner: Placement): Placement {
  return {
    ...{ nodes, tableBytes: 0 },
    owner: (key) => inner.owner(key),
    owners: (key, count) => inner.owners(key, count),
    withNodes: (others) => withFixedOwner(others, inner),
  };
}

describe("the comparison", () => {
  const rows = comparePlacements({ nodes: 10, keys: 20_000 });
  const row = (name: string) => rows.find(({ placement }) => placement === name)!;

  it("shows what virtual nodes are for", () => {
    expect(row("ring, 1 point a node").peakToMean).toBeGreaterThan(1.5);
    expect(row("ring, 160 points").peakToMean).toBeLessThan(1.3);
    expect(row("jump").peakToMean).toBeLessThan(1.06);
    expect(row("maglev").peakToMean).toBeLessThan(1.06);
    expect(row("bounded ring, 1.05").peakToMean).toBeLessThanOrEqual(1.0501);
  });

  it("shows who moves more than need be", () => {
    for (const { bestOnJoin, bestOnLeave } of rows) {
      expect(bestOnJoin).toBeCloseTo(1 / 11, 6);
      expect(bestOnLeave).toBeCloseTo(1 / 10, 6);
    }
    for (const name of ["ring, 160 points", "rendezvous", "ranges"]) {
      expect(row(name).movedInVain).toBe(0);
    }
    expect(row("rendezvous").movedOnJoin).toBeCloseTo(1 / 11, 2);
    expect(row("jump").movedOnLeave).toBeGreaterThan(1.8 / 10);
    expect(row("rendezvous").movedOnReweight).toBeCloseTo(2 / 11 - 1 / 10, 1);
  });

  it("counts nodes without a key for the mean", () => {
    const all = () => new HashRing([{ id: "n1" }]);
    const make: MakePlacement = (nodes) => withFixedOwner(nodes, all());
    const [row] = comparePlacements({ nodes: 4, keys: 100, placements: { "one has all": make } });
    expect(row!.peakToMean).toBe(4);
  });

  it("measures memory and time", () => {
    expect(row("jump").tableBytes).toBe(0);
    expect(row("maglev").tableBytes).toBe(2 * 65_537);
    for (const { lookupNs } of rows) expect(lookupNs).toBeGreaterThan(1);
  });

  it("takes placements of one's own, and names wrong options", () => {
    const placements = { mine: (nodes: readonly { id: string }[]) => new Rendezvous(nodes) };
    expect(comparePlacements({ keys: 1_000, placements }).map((r) => r.placement)).toEqual([
      "mine",
    ]);
    expect(() => comparePlacements({ nodes: 1 })).toThrow("nodes");
    expect(() => comparePlacements({ keys: 1 })).toThrow("keys");
  });
});
