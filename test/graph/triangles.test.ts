import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  completeGraph,
  countTriangles,
  cycleGraph,
  graphFromEdges,
  rmat,
  starGraph,
  wattsStrogatz,
} from "dabbawala/graph";
import type { CsrGraph } from "dabbawala/graph";
import { edgeLists, karate, lesMiserables } from "./oracle";

function bruteForce(graph: CsrGraph): number[] {
  const counts = Array<number>(graph.vertices).fill(0);
  for (let u = 0; u < graph.vertices; u++) {
    for (let v = 0; v < u; v++) {
      for (let w = 0; w < v; w++) {
        if (!graph.hasEdge(u, v) || !graph.hasEdge(v, w) || !graph.hasEdge(u, w)) continue;
        for (const corner of [u, v, w]) counts[corner]++;
      }
    }
  }
  return counts;
}

describe("triangles", () => {
  it("of published graphs, as networkx counts them", async () => {
    const club = await countTriangles(karate);
    expect(club.total).toBe(45);
    expect([...club.byVertex.slice(0, 4)]).toEqual([18, 12, 11, 10]);
    expect(club.averageClustering).toBeCloseTo(0.5706384782076823, 12);
    expect(club.transitivity).toBeCloseTo(0.2556818181818182, 12);
    const novel = await countTriangles(lesMiserables.graph);
    expect(novel.total).toBe(467);
    expect(novel.transitivity).toBeCloseTo(0.49893162393162394, 12);
  });

  it("by formula: complete, ring, star, small world", async () => {
    expect((await countTriangles(completeGraph(20))).total).toBe(1_140);
    expect((await countTriangles(completeGraph(20))).averageClustering).toBe(1);
    expect((await countTriangles(cycleGraph(3))).total).toBe(1);
    expect((await countTriangles(cycleGraph(9))).transitivity).toBe(0);
    expect((await countTriangles(starGraph(9))).averageClustering).toBe(0);
    expect((await countTriangles(graphFromEdges([]))).transitivity).toBe(0);
    // A ring of k neighbours: 3 (k - 2) / 4 (k - 1).
    const ring = wattsStrogatz({ vertices: 100, neighbours: 10, rewired: 0 });
    expect((await countTriangles(ring)).averageClustering).toBeCloseTo(24 / 36, 12);
  });

  it("agrees with three loops; loops and repeated edges do not count", async () => {
    const property = fc.asyncProperty(edgeLists, async (edges) => {
      const graph = graphFromEdges(edges, { vertices: 12 });
      expect([...(await countTriangles(graph)).byVertex]).toEqual(bruteForce(graph));
    });
    await fc.assert(property);
  });

  it("is the same for one, two and three workers", async () => {
    const graph = rmat({ scale: 12, isDirected: false });
    const one = await countTriangles(graph, { workers: 1 });
    expect(one.total).toBeGreaterThan(100_000);
    for (const workers of [2, 3]) expect(await countTriangles(graph, { workers })).toEqual(one);
    const directed = rmat({ scale: 3 });
    await expect(countTriangles(directed)).rejects.toThrow("undirected graphs only");
  });
});
