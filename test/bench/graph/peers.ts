/** graphology's algorithms, as their documents say they are called. */
import louvain from "graphology-communities-louvain";
import pagerank from "graphology-metrics/centrality/pagerank";
import { dijkstra } from "graphology-shortest-path";
import { bfsFromNode } from "graphology-traversal";
import type Graph from "graphology";

export interface GraphologyRank {
  /** Stops when the ranks of an iteration differ by less than this a vertex, on the average. */
  readonly tolerance: number;
}

export function graphologyPageRank(graph: Graph, { tolerance }: GraphologyRank): unknown {
  return pagerank(graph, { alpha: 0.85, tolerance, maxIterations: 1_000, getEdgeWeight: null });
}

/** The depths' sum, so that the walk is not for nothing. */
export function graphologyBfs(graph: Graph, source: number): number {
  let sum = 0;
  bfsFromNode(graph, source, (_node, _attributes, depth) => void (sum += depth));
  return sum;
}

export function graphologyDijkstra(graph: Graph, source: number): unknown {
  return dijkstra.singleSource(graph, source, "weight");
}

export function graphologyLouvain(graph: Graph): number {
  return louvain.detailed(graph, { getEdgeWeight: null }).modularity;
}
