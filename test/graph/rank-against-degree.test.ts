import { describe, expect, it } from "vitest";
import { cycleGraph, graphFromEdges, rankOrderAgreement, rankPercentiles } from "dabbawala/graph";

/** 0 and 1 have three followers each, 2 has one, the others none. */
const graph = graphFromEdges(
  [3, 4, 5]
    .flatMap((v): [number, number][] => [
      [v, 0],
      [v, 1],
    ])
    .concat([[3, 2]]),
  { isDirected: true, vertices: 6 },
);

describe("ranks beside followers", () => {
  it("percentiles of vertices with alike many followers, in times the mean", () => {
    const ranks = [0.4, 0.2, 0.1, 0.1, 0.1, 0.1];
    expect(rankPercentiles(graph, ranks, { percents: [0, 50] })).toEqual([
      { followers: 1, percent: 0, rank: 0.1 * 6 },
      { followers: 1, percent: 50, rank: 0.1 * 6 },
      { followers: 2, percent: 0, rank: 0.2 * 6 },
      { followers: 2, percent: 50, rank: 0.4 * 6 },
    ]);
  });

  it("agreement: all pairs, none, and about the share that is right", () => {
    const drawn = { pairs: 2_000, seed: 1 };
    expect(rankOrderAgreement(graph, [6, 5, 4, 1, 1, 1], drawn)).toBe(1);
    expect(rankOrderAgreement(graph, [1, 1, 2, 3, 3, 3], drawn)).toBe(0);
    // Of the eleven pairs with unequal counts, the eight of 0 and 1 are right, those of 2 are not.
    const share = rankOrderAgreement(graph, [6, 5, 0, 1, 1, 1], drawn);
    expect(Math.abs(share - 8 / 11)).toBeLessThan(0.04);
  });

  it("refuses a graph in which all have equally many followers", () => {
    const even = () => rankOrderAgreement(cycleGraph(5), [1, 2, 3, 4, 5], { pairs: 9, seed: 1 });
    expect(even).toThrow("all vertices have equally many followers");
  });
});
