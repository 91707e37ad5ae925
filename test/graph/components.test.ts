import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  buildGraph,
  connectedComponents,
  cycleGraph,
  erdosRenyi,
  graphFromEdges,
  rmat,
} from "dabbawala/graph";
import type { CsrGraph } from "dabbawala/graph";
import { edgeLists, karate } from "./oracle";

/** By spreading the smaller label until nothing changes. */
function spread(graph: CsrGraph): number[] {
  const labels = Array.from({ length: graph.vertices }, (_, v) => v);
  for (let isChanged = true; isChanged;) {
    isChanged = false;
    for (let v = 0; v < graph.vertices; v++) {
      for (const u of graph.neighbours(v)) {
        const least = Math.min(labels[u], labels[v]);
        isChanged ||= labels[u] !== labels[v];
        labels[u] = labels[v] = least;
      }
    }
  }
  return labels;
}

describe("connected components", () => {
  it("of small graphs", async () => {
    expect(await connectedComponents(karate)).toMatchObject({ count: 1, sizes: [34] });
    const parts = graphFromEdges(
      [
        [4, 1],
        [2, 0],
        [5, 4],
      ],
      { isDirected: true, vertices: 7 },
    );
    const { labels, count, sizes } = await connectedComponents(parts);
    expect([...labels]).toEqual([0, 1, 0, 3, 1, 1, 6]);
    expect([count, sizes]).toEqual([4, [3, 2, 1, 1]]);
    expect((await connectedComponents(graphFromEdges([]))).count).toBe(0);
  });

  it("agrees with spreading labels", async () => {
    const property = fc.asyncProperty(edgeLists, fc.boolean(), async (edges, isDirected) => {
      const graph = graphFromEdges(edges, { isDirected, vertices: 12 });
      expect([...(await connectedComponents(graph)).labels]).toEqual(spread(graph));
    });
    await fc.assert(property);
  });

  it("is the same for one, two and three workers", async () => {
    const thin = erdosRenyi({ vertices: 60_000, probability: 1.2 / 60_000 });
    const graphs = [thin, rmat({ scale: 13, edgeFactor: 2 }), cycleGraph(50_000)];
    for (const graph of graphs) {
      const one = await connectedComponents(graph, { workers: 1 });
      expect([...one.labels]).toEqual(spread(graph));
      for (const workers of [2, 3]) {
        expect(await connectedComponents(graph, { workers })).toEqual(one);
      }
    }
  });

  it("the giant component of a random graph has the size that theory gives", async () => {
    const vertices = 40_000;
    const graph = erdosRenyi({ vertices, probability: 2 / vertices, seed: 4 });
    let share = 0.5;
    for (let i = 0; i < 100; i++) share = 1 - Math.exp(-2 * share);
    const { sizes } = await connectedComponents(graph);
    expect(Math.abs(sizes[0] / vertices - share)).toBeLessThan(0.015);
    expect(sizes[1]).toBeLessThan(60);
  });

  it("follows a long chain given in the worst order", async () => {
    const length = 30_000;
    const places = Array.from({ length }, (_, i) => (i * 7_919) % length);
    const chain = buildGraph({ sources: places.slice(1), targets: places.slice(0, -1) });
    expect((await connectedComponents(chain, { workers: 2 })).sizes).toEqual([length]);
  });
});
