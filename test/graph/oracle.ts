/** What the tests of graphs hold the kernels against. */
import { join } from "node:path";
import fc from "fast-check";
import { DirectedGraph, UndirectedGraph } from "graphology";
import type Graph from "graphology";
import { readEdgeList } from "dabbawala/graph";
import type { CsrGraph, EdgeListGraph } from "dabbawala/graph";

const vertex = fc.integer({ min: 0, max: 11 });

/** Random edges between 12 vertices, loops and repetitions among them. */
export const edgeLists = fc.array(fc.tuple(vertex, vertex), { maxLength: 40 });

/** The same with whole weights, so that sums are exact. */
export const weightedEdgeLists = fc.array(
  fc.tuple(vertex, vertex, fc.integer({ min: 1, max: 9 })),
  {
    maxLength: 40,
  },
);

export function lists(graph: CsrGraph): number[][] {
  return Array.from({ length: graph.vertices }, (_, v) => [...graph.neighbours(v)]);
}

/** The same graph for graphology; it must be simple. */
export function asGraphology(graph: CsrGraph): Graph {
  const twin = graph.isDirected ? new DirectedGraph() : new UndirectedGraph();
  for (let v = 0; v < graph.vertices; v++) twin.addNode(v);
  for (let v = 0; v < graph.vertices; v++) {
    for (let i = graph.offsets[v]; i < graph.offsets[v + 1]; i++) {
      const target = graph.targets[i];
      if (!graph.isDirected && target < v) continue;
      twin.addEdge(v, target, { weight: graph.weights?.[i] ?? 1 });
    }
  }
  return twin;
}

function read(name: string, options = {}): EdgeListGraph {
  return readEdgeList(join(__dirname, name), options);
}

export const karate = read("../../data/graphs/karate-club.txt").graph;
export const weightedKarate = read("../../data/graphs/karate-club.txt", { isWeighted: true }).graph;
export const lesMiserables = read("les-miserables.txt", { isNamed: true, isWeighted: true });
export const florentine = read("florentine-families.txt", { isNamed: true });
