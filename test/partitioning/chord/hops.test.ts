/** Section V.B and figure 10: a lookup asks half as many nodes as the logarithm, and the owner. */
import { describe, expect, it } from "vitest";
import { measureHops } from "dabbawala/partitioning";

describe("hops on a ring that stands still", () => {
  it.each([16, 64, 256, 1_024])(
    "of %i nodes: (log2 n) / 2, and 0.5 to 1.0",
    (nodes) => {
      const hops = measureHops({ seed: 1, nodes, options: { successors: 1 } });
      const over = hops.mean - Math.log2(nodes) / 2;
      expect(over).toBeGreaterThan(0.5);
      expect(over).toBeLessThan(1);
      expect(hops.wrong).toBe(0);
      expect(hops.counts.reduce((sum, count) => sum + count)).toBe(1_000);
      // Section IV.D: of the table's 32 fingers about log2 n differ.
      expect(Math.abs(hops.fingers - Math.log2(nodes))).toBeLessThan(0.6);
    },
    60_000,
  );

  it("a list of four successors, used as fingers too, saves about a quarter of a hop", () => {
    const mean = (successors: number): number =>
      measureHops({ seed: 2, nodes: 64, lookups: 4_000, options: { successors } }).mean;
    const saved = mean(1) - mean(4);
    expect(saved).toBeGreaterThan(0.1);
    expect(saved).toBeLessThan(0.5);
  }, 60_000);

  it("without fingers a lookup goes from node to node", () => {
    const { mean, wrong } = measureHops({
      ...{ seed: 1, nodes: 64 },
      options: { successors: 1, fingerMs: 0 },
    });
    expect(mean).toBeGreaterThan(25);
    expect(wrong).toBe(0);
  });
});
