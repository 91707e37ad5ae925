import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Heap, Random } from "dabbawala/basics";
import {
  breadthFirst,
  buildGraph,
  graphFromEdges,
  pathTo,
  rmat,
  shortestPaths,
} from "dabbawala/graph";
import type { CsrGraph } from "dabbawala/graph";
import { graphologyDijkstra } from "../bench/graph/peers";
import { asGraphology, karate, weightedEdgeLists, weightedKarate } from "./oracle";

function dijkstra(graph: CsrGraph, source: number): number[] {
  const distances = Array<number>(graph.vertices).fill(Infinity);
  const open = new Heap<{ vertex: number; distance: number }>((l, r) => l.distance - r.distance);
  distances[source] = 0;
  open.push({ vertex: source, distance: 0 });
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { vertex, distance } = next;
    if (distance > distances[vertex]) continue;
    for (let i = graph.offsets[vertex]; i < graph.offsets[vertex + 1]; i++) {
      const target = graph.targets[i];
      const further = distance + (graph.weights?.[i] ?? 1);
      if (further >= distances[target]) continue;
      distances[target] = further;
      open.push({ vertex: target, distance: further });
    }
  }
  return distances;
}

describe("shortest paths", () => {
  it("karate club by contexts, as networkx has them", () => {
    const { distances } = shortestPaths(weightedKarate, 0);
    expect([12, 31, 33, 24, 2, 16, 26].map((v) => distances[v])).toEqual([1, 2, 3, 4, 5, 6, 5]);
  });

  it("agrees with Dijkstra, ours and graphology's, for any delta", () => {
    const deltas = fc.constantFrom(undefined, 0.5, 1, 3, 100);
    fc.assert(
      fc.property(weightedEdgeLists, fc.boolean(), deltas, (edges, isDirected, delta) => {
        const graph = graphFromEdges(edges, { isDirected, vertices: 12, isSimple: true });
        const { distances } = shortestPaths(graph, 3, delta === undefined ? {} : { delta });
        expect([...distances]).toEqual(dijkstra(graph, 3));
        const paths = graphologyDijkstra(asGraphology(graph), 3) as Record<string, string[]>;
        const reached = [...distances.keys()].filter((v) => distances[v] < Infinity);
        expect(Object.keys(paths).map(Number)).toEqual(reached);
      }),
    );
  });

  it("agrees with Dijkstra on a larger graph, and its paths are as long as it says", () => {
    const plain = rmat({ scale: 11, seed: 4 });
    const random = new Random(1);
    const sources = Array.from({ length: plain.vertices }, (_, v) =>
      Array<number>(plain.degree(v)).fill(v),
    ).flat();
    const weights = sources.map(() => random.next());
    const graph = buildGraph({ sources, targets: plain.targets, weights }, { isDirected: true });
    const source = sources[0];
    const result = shortestPaths(graph, source);
    expect([...result.distances]).toEqual(dijkstra(graph, source));
    for (let v = 0; v < graph.vertices; v += 37) {
      const path = pathTo(result, v);
      if (path === undefined) expect(result.distances[v]).toBe(Infinity);
      else expect(lengthOf(graph, path)).toBeCloseTo(result.distances[v], 12);
    }
  });

  it("without weights, are what breadth-first search finds", async () => {
    const { distances } = shortestPaths(karate, 5);
    expect([...distances]).toEqual([...(await breadthFirst(karate, 5)).depths]);
  });

  it("takes weights of 0, and refuses what cannot be", () => {
    const free = graphFromEdges([
      [0, 1, 0],
      [1, 2, 0],
      [2, 0, 0],
    ]);
    expect([...shortestPaths(free, 1).distances]).toEqual([0, 0, 0]);
    expect(pathTo(shortestPaths(free, 1), 2)).toEqual([1, 2]);
    expect(() => shortestPaths(karate, 34)).toThrow("source must be from 0 to 33, but was 34");
    expect(() => shortestPaths(karate, 0, { delta: 0 })).toThrow("delta must be from");
  });
});

/** By the lightest edge between each two. */
function lengthOf(graph: CsrGraph, path: readonly number[]): number {
  let length = 0;
  for (let step = 1; step < path.length; step++) {
    let least = Infinity;
    for (let i = graph.offsets[path[step - 1]]; i < graph.offsets[path[step - 1] + 1]; i++) {
      if (graph.targets[i] === path[step]) least = Math.min(least, graph.weights?.[i] ?? 1);
    }
    length += least;
  }
  return length;
}
