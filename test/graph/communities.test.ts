import fc from "fast-check";
import graphologyModularity from "graphology-metrics/graph/modularity";
import { describe, expect, it } from "vitest";
import {
  barabasiAlbert,
  completeGraph,
  connectedComponents,
  graphFromEdges,
  labelPropagation,
  leiden,
  louvain,
  modularity,
  plantedPartition,
  rmat,
  starGraph,
  tornCommunities,
} from "dabbawala/graph";
import type { CommunityResult, CsrGraph } from "dabbawala/graph";
import { graphologyLouvain } from "../bench/graph/peers";
import { asGraphology, karate, lesMiserables, weightedEdgeLists } from "./oracle";

const searches = [
  ["louvain", louvain],
  ["leiden", leiden],
] as const;

/** Every two communities made one, and modularity measured anew. */
function bestMergeGain(graph: CsrGraph, { communities, count }: CommunityResult): number {
  const before = modularity(graph, communities);
  let best = 0;
  for (let one = 0; one < count; one++) {
    for (let other = 0; other < one; other++) {
      const merged = communities.map((community) => (community === one ? other : community));
      best = Math.max(best, modularity(graph, merged) - before);
    }
  }
  return best;
}

/** Edges within communities alone. */
async function fallsApart(graph: CsrGraph, { communities, count }: CommunityResult) {
  const kept: [number, number][] = [];
  for (let v = 0; v < graph.vertices; v++) {
    for (const u of graph.neighbours(v)) if (communities[u] === communities[v]) kept.push([u, v]);
  }
  const inside = graphFromEdges(kept, { vertices: graph.vertices });
  return (await connectedComponents(inside)).count !== count;
}

describe.each(searches)("communities by %s", (_, search) => {
  it("karate club: four, of the best modularity there is", () => {
    const qualities = [1, 2, 3, 4, 5].map((seed) => search(karate, { seed }).modularity);
    expect(Math.max(...qualities)).toBeCloseTo(0.4198, 4);
    expect(Math.min(...qualities)).toBeGreaterThan(0.38);
  });

  it("finds planted groups, whole", () => {
    const planted = plantedPartition({ groups: 8, groupSize: 60, inside: 0.3, outside: 0.01 });
    const { communities, count } = search(planted.graph);
    expect(count).toBe(8);
    expect([...communities]).toEqual([...planted.truth]);
  });

  it("no two communities would better be one", () => {
    for (const graph of [karate, barabasiAlbert({ vertices: 60, edgesPerVertex: 2 })]) {
      expect(bestMergeGain(graph, search(graph))).toBeLessThan(1e-9);
    }
  });

  it("is not worse than graphology's by more than 1 %", () => {
    const { graph } = plantedPartition({ groups: 50, groupSize: 40, inside: 0.25, outside: 0.004 });
    const theirs = graphologyLouvain(asGraphology(graph));
    expect(search(graph).modularity).toBeGreaterThan(0.99 * theirs);
    expect(search(lesMiserables.graph).modularity).toBeGreaterThan(0.55);
  });

  it("the same seed the same answer; more resolution more communities", () => {
    const graph = rmat({ scale: 10, isDirected: false, isSimple: true });
    expect(search(graph, { seed: 3 })).toEqual(search(graph, { seed: 3 }));
    const few = search(graph, { resolution: 0.3 }).count;
    expect(search(graph, { resolution: 5 }).count).toBeGreaterThan(few);
  });

  it("no edges, one edge, a star, a loop", () => {
    expect(search(graphFromEdges([], { vertices: 3 }))).toMatchObject({ count: 3, modularity: 0 });
    expect(search(graphFromEdges([[0, 1]])).count).toBe(1);
    expect(search(completeGraph(6)).count).toBe(1);
    expect(search(starGraph(6)).count).toBe(1);
    expect(search(graphFromEdges([[0, 0]])).count).toBe(1);
    expect(() => search(rmat({ scale: 3 }))).toThrow("undirected graphs only");
  });
});

describe("communities", () => {
  it("by leiden never fall apart", async () => {
    const property = fc.asyncProperty(weightedEdgeLists, fc.nat(), async (edges, seed) => {
      const graph = graphFromEdges(edges, { vertices: 12 });
      expect(await fallsApart(graph, leiden(graph, { seed }))).toBe(false);
    });
    await fc.assert(property);
    const graph = rmat({ scale: 11, edgeFactor: 3, isDirected: false, isSimple: true });
    expect(await fallsApart(graph, leiden(graph))).toBe(false);
  });

  it("tell the pieces of those that fall apart, the largest first", async () => {
    const graph = graphFromEdges([
      [0, 1],
      [1, 2],
      [3, 4],
      [5, 6],
      [2, 5],
    ] as const);
    expect(await tornCommunities(graph, [0, 0, 0, 0, 0, 1, 1])).toEqual([[3, 2]]);
    expect(await tornCommunities(graph, [0, 0, 0, 2, 2, 1, 1])).toEqual([]);
    expect(await tornCommunities(graph, [0, 1, 0, 2, 3, 1, 3])).toEqual([
      [1, 1],
      [1, 1],
      [1, 1],
    ]);
  });

  it("have the modularity that graphology computes", () => {
    fc.assert(
      fc.property(weightedEdgeLists, fc.infiniteStream(fc.nat({ max: 3 })), (edges, groups) => {
        const graph = graphFromEdges(edges, { vertices: 12, isSimple: true });
        fc.pre(graph.edges > 0);
        const communities = Array.from({ length: 12 }, () => groups.next().value as number);
        const twin = asGraphology(graph);
        communities.forEach((group, v) => twin.setNodeAttribute(v, "community", group));
        const options = { getEdgeWeight: "weight", resolution: 0.7 };
        const theirs = graphologyModularity(twin, options);
        expect(modularity(graph, communities, options)).toBeCloseTo(theirs, 10);
      }),
    );
  });

  it("a loop counts as two ends of an edge; without edges it is 0", () => {
    expect(modularity(graphFromEdges([], { vertices: 3 }), [0, 1, 1])).toBe(0);
    const graph = graphFromEdges([
      [0, 0],
      [0, 1],
    ]);
    // Strengths 3 and 1 of 4: 2 / 4 - (9 + 1) / 16.
    expect(modularity(graph, [0, 1])).toBeCloseTo(0.5 - 10 / 16, 12);
  });
});

describe("label propagation", () => {
  it("finds planted groups", () => {
    const planted = plantedPartition({ groups: 6, groupSize: 80, inside: 0.3, outside: 0.005 });
    const { kind, communities } = labelPropagation(planted.graph);
    expect(kind).toBe("settled");
    expect([...communities]).toEqual([...planted.truth]);
  });

  it("leaves nobody in the minority, whatever the graph", () => {
    fc.assert(
      fc.property(weightedEdgeLists, fc.nat(), (edges, seed) => {
        const graph = graphFromEdges(edges, { vertices: 12 });
        const { kind, communities } = labelPropagation(graph, { seed });
        expect(kind).toBe("settled");
        for (let v = 0; v < 12; v++) {
          const votes = Array<number>(12).fill(0);
          graph.neighbours(v).forEach((u, i) => {
            if (u !== v) votes[communities[u]] += graph.weights?.[graph.offsets[v] + i] ?? 1;
          });
          expect(votes[communities[v]]).toBe(Math.max(...votes));
        }
      }),
    );
  });

  it("same seed, same labels; stops when told; wants undirected graphs", () => {
    expect(labelPropagation(karate, { seed: 9 })).toEqual(labelPropagation(karate, { seed: 9 }));
    const graph = rmat({ scale: 9, isDirected: false });
    expect(labelPropagation(graph, { maxRounds: 1 })).toMatchObject({
      kind: "notSettled",
      rounds: 1,
    });
    expect(() => labelPropagation(rmat({ scale: 3 }))).toThrow("undirected graphs only");
  });
});
