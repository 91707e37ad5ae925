import pagerank from "graphology-metrics/centrality/pagerank";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  completeGraph,
  cycleGraph,
  graphFromEdges,
  pageRank,
  parseEdgeList,
  rmat,
  starGraph,
} from "dabbawala/graph";
import type { CsrGraph, PageRankOptions } from "dabbawala/graph";
import { asGraphology, edgeLists, karate, lesMiserables, weightedEdgeLists } from "./oracle";

const exact = { tolerance: 1e-13 };

async function ranksOf(graph: CsrGraph, options: PageRankOptions = exact): Promise<number[]> {
  return [...(await pageRank(graph, options)).ranks];
}

function expectClose(ranks: ArrayLike<number>, expected: ArrayLike<number>, error = 1e-10): void {
  expect(ranks.length).toBe(expected.length);
  for (let v = 0; v < ranks.length; v++) {
    expect(Math.abs(ranks[v] - expected[v]), `vertex ${v}`).toBeLessThan(error);
  }
}

describe("PageRank, answers that are known", () => {
  it("karate club: as networkx has it", async () => {
    const ranks = await ranksOf(karate);
    const told = [33, 0, 32, 2].map((v) => ranks[v]);
    expectClose(told, [0.1009191823, 0.0969972854, 0.071693226, 0.0570785095]);
  });

  it("Wikipedia's eleven pages, one without links", async () => {
    const links = "B-C C-B D-A D-B E-B E-D E-F F-B F-E G-B G-E H-B H-E I-B I-E J-E K-E";
    const text = links.replaceAll(" ", "\n").replaceAll("-", " ");
    const { graph, names } = parseEdgeList(text, { isDirected: true, isNamed: true });
    const ranks = await ranksOf(graph);
    const percent = Object.fromEntries(names.map((name, v) => [name, (ranks[v] * 100).toFixed(1)]));
    expect(percent).toEqual({
      ...{ A: "3.3", B: "38.4", C: "34.3", D: "3.9", E: "8.1", F: "3.9" },
      ...{ G: "1.6", H: "1.6", I: "1.6", J: "1.6", K: "1.6" },
    });
  });

  it("a star, a ring, everybody with everybody: by formula", async () => {
    // middle = (1 - d) / n + d (1 - middle), as all that the others have flows to it.
    const middle = (0.15 / 10 + 0.85) / 1.85;
    expectClose(await ranksOf(starGraph(10)), [middle, ...Array(9).fill((1 - middle) / 9)]);
    expectClose(await ranksOf(cycleGraph(7, { isDirected: true })), Array(7).fill(1 / 7));
    expectClose(await ranksOf(completeGraph(9)), Array(9).fill(1 / 9));
    const chain = graphFromEdges([[0, 1]], { isDirected: true });
    // x0 = (1 - d + d x1) / 2, x1 = x0 + d x0: so x0 = 1 / (2 + d).
    expectClose(await ranksOf(chain), [1 / 2.85, 1.85 / 2.85]);
  });

  it("no vertices, no edges, no damping", async () => {
    expect(await ranksOf(graphFromEdges([]))).toEqual([]);
    expectClose(await ranksOf(graphFromEdges([], { vertices: 4 })), Array(4).fill(0.25));
    expectClose(await ranksOf(starGraph(4), { damping: 0 }), Array(4).fill(0.25));
  });
});

describe("PageRank", () => {
  it("agrees with graphology on random graphs, directed or not, dangling or not", async () => {
    const property = fc.asyncProperty(edgeLists, fc.boolean(), async (edges, isDirected) => {
      const graph = graphFromEdges(edges, { isDirected, vertices: 12, isSimple: true });
      const options = { tolerance: 1e-14, maxIterations: 5_000, getEdgeWeight: null };
      const theirs = Object.values(pagerank(asGraphology(graph), options));
      expectClose(await ranksOf(graph), theirs, 1e-9);
    });
    await fc.assert(property, { numRuns: 60 });
  });

  it("agrees with graphology where edges have weights", async () => {
    const options = { tolerance: 1e-14, maxIterations: 5_000, getEdgeWeight: "weight" };
    const property = fc.asyncProperty(weightedEdgeLists, async (edges) => {
      const graph = graphFromEdges(edges, { isDirected: true, vertices: 12, isSimple: true });
      const theirs = Object.values(pagerank(asGraphology(graph), options));
      expectClose(await ranksOf(graph), theirs, 1e-9);
    });
    await fc.assert(property, { numRuns: 40 });
    const { graph } = lesMiserables;
    expectClose(await ranksOf(graph), Object.values(pagerank(asGraphology(graph), options)), 1e-9);
    const plain = await ranksOf(graph, { ...exact, isWeighted: false });
    expect(plain).not.toEqual(await ranksOf(graph));
  });

  it("personalised, is the solution of its equation", async () => {
    const jumpTo = new Map([
      [0, 3],
      [5, 1],
    ]);
    const ranks = await ranksOf(karate, { ...exact, jumpTo });
    const expected = ranks.map((_, v) => {
      const inflow = [...karate.neighbours(v)].reduce(
        (sum, u) => sum + ranks[u] / karate.degree(u),
        0,
      );
      return 0.85 * inflow + 0.15 * ((jumpTo.get(v) ?? 0) / 4);
    });
    expectClose(ranks, expected);
    expect(ranks[0]).toBeGreaterThan((await ranksOf(karate))[0] * 2);
  });

  it("is bitwise the same for one, two and three workers", async () => {
    const graph = rmat({ scale: 13, seed: 5 });
    const one = await pageRank(graph, { workers: 1 });
    expect(one.kind).toBe("converged");
    expect(Math.abs(one.ranks.reduce((sum, rank) => sum + rank, 0) - 1)).toBeLessThan(1e-12);
    for (const workers of [2, 3]) {
      expect(await pageRank(graph, { workers })).toEqual(one);
    }
  });

  it("tells how far it is, and when it has not converged", async () => {
    const seen: number[] = [];
    const onProgress = (done: number): void => void seen.push(done);
    const result = await pageRank(karate, { maxIterations: 3, onProgress });
    expect([result.kind, result.iterations, seen]).toEqual(["notConverged", 3, [1, 2, 3]]);
    expect(result.change).toBeGreaterThan(1e-6);
  });

  it("stops when it is told to, on threads too", async () => {
    const stop = new AbortController();
    const onProgress = (): void => stop.abort(new Error("enough"));
    const endless = {
      tolerance: 0,
      maxIterations: 1e9,
      workers: 2,
      signal: stop.signal,
      onProgress,
    };
    await expect(pageRank(karate, endless)).rejects.toThrow("enough");
    await expect(pageRank(karate, { signal: stop.signal })).rejects.toThrow("enough");
  });

  it("refuses options out of range", async () => {
    await expect(pageRank(karate, { damping: 1 })).rejects.toThrow("damping must be from 0");
    await expect(pageRank(karate, { workers: 0 })).rejects.toThrow("workers must be from 1");
    const jumpTo = new Map([[99, 1]]);
    await expect(pageRank(karate, { jumpTo })).rejects.toThrow("a vertex of jumpTo must be from 0");
    await expect(pageRank(karate, { jumpTo: new Map() })).rejects.toThrow("jumpTo needs a vertex");
  });
});
