import fc from "fast-check";
import { bfsFromNode } from "graphology-traversal";
import { describe, expect, it } from "vitest";
import {
  breadthFirst,
  completeGraph,
  cycleGraph,
  erdosRenyi,
  graphFromEdges,
  pathTo,
  rmat,
  starGraph,
} from "dabbawala/graph";
import type { CsrGraph } from "dabbawala/graph";
import { asGraphology, edgeLists, florentine, karate } from "./oracle";

/** Depths as graphology finds them; the parent is the smallest neighbour one step nearer. */
function expected(graph: CsrGraph, source: number): { depths: number[]; parents: number[] } {
  const depths = Array<number>(graph.vertices).fill(-1);
  bfsFromNode(asGraphology(graph), source, (node, _, depth) => void (depths[Number(node)] = depth));
  const parents = depths.map((depth, v) => {
    if (v === source) return source;
    return depths.findIndex((other, u) => depth > 0 && other === depth - 1 && graph.hasEdge(u, v));
  });
  return { depths, parents };
}

describe("breadth-first search", () => {
  it("karate club from 0: levels of 1, 16, 9 and 8; five steps across", async () => {
    expect((await breadthFirst(karate, 0)).levels).toEqual([1, 16, 9, 8]);
    let diameter = 0;
    for (let v = 0; v < 34; v++) {
      diameter = Math.max(diameter, (await breadthFirst(karate, v)).levels.length - 1);
    }
    expect(diameter).toBe(5);
  });

  it("a star, a ring, everybody with everybody", async () => {
    expect((await breadthFirst(starGraph(9), 3)).levels).toEqual([1, 1, 7]);
    expect((await breadthFirst(cycleGraph(8), 5)).levels).toEqual([1, 2, 2, 2, 1]);
    const oneWay = await breadthFirst(cycleGraph(5, { isDirected: true }), 1);
    expect([...oneWay.depths]).toEqual([4, 0, 1, 2, 3]);
    expect((await breadthFirst(completeGraph(9), 0)).levels).toEqual([1, 8]);
  });

  it("agrees with graphology, with and without looking back", async () => {
    const property = fc.asyncProperty(edgeLists, fc.boolean(), async (edges, isDirected) => {
      const graph = graphFromEdges(edges, { isDirected, vertices: 12, isSimple: true });
      const { depths, parents } = expected(graph, 0);
      for (const isOptimised of [true, false]) {
        const result = await breadthFirst(graph, 0, { isOptimised });
        expect([...result.depths]).toEqual(depths);
        expect([...result.parents]).toEqual(parents);
      }
    });
    await fc.assert(property, { numRuns: 60 });
  });

  it("is the same for one, two and three workers; looks back where that is shorter", async () => {
    for (const isDirected of [false, true]) {
      const graph = rmat({ scale: 12, isDirected, seed: 3 });
      const source = graph.targets[0];
      const one = await breadthFirst(graph, source, { workers: 1, isOptimised: true });
      expect(one.bottomUpSteps).toBeGreaterThan(0);
      for (const [workers, isOptimised] of [
        [1, false],
        [2, true],
        [3, true],
        [3, false],
      ] as const) {
        const other = await breadthFirst(graph, source, { workers, isOptimised });
        if (!isOptimised) expect(other.bottomUpSteps).toBe(0);
        expect({ ...other, bottomUpSteps: one.bottomUpSteps }).toEqual(one);
      }
    }
  });

  it("a long thin graph is walked along the arcs alone", async () => {
    const result = await breadthFirst(cycleGraph(5_000), 0);
    expect([result.levels.length, result.bottomUpSteps]).toEqual([2_501, 0]);
  });

  it("gives ways", async () => {
    const { graph, names } = florentine;
    const result = await breadthFirst(graph, names.indexOf("Pazzi"));
    const way = pathTo(result, names.indexOf("Strozzi"))?.map((v) => names[v]);
    expect(way).toEqual(["Pazzi", "Salviati", "Medici", "Ridolfi", "Strozzi"]);
    expect(pathTo(result, names.indexOf("Pazzi"))?.length).toBe(1);
    const apart = await breadthFirst(erdosRenyi({ vertices: 3, probability: 0 }), 1);
    expect(pathTo(apart, 0)).toBeUndefined();
    await expect(breadthFirst(graph, 99)).rejects.toThrow("source must be from 0 to 14");
  });
});
