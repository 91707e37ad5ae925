/**
 * Connected components: who can reach whom, arcs taken both ways ("weakly" in directed graphs).
 *
 * Source: M. Sutton, T. Ben-Nun, A. Barak, "Optimizing Parallel Graph Connectivity Computation via
 * Subgraph Sampling", IPDPS 2018 (Afforest), after Y. Shiloach and U. Vishkin 1982.
 * Guarantees: a component's label is its smallest vertex, for any number of workers.
 * Cost: two arcs a vertex, and all arcs outside of the largest component; of a directed graph all.
 */
import { join } from "path";
import type { CsrGraph } from "../structure/csr-graph";
import { sharedInt32 } from "../structure/thread-arrays";
import { blocksOf } from "../team/blocks";
import { runTeam, workersFor } from "../team/run-team";
import type { ParallelOptions } from "../team/run-team";
import type { ComponentsInput } from "./components-kernel";

export interface ComponentsResult {
  /** By vertex: the smallest vertex of its component. */
  readonly labels: Int32Array;
  readonly count: number;
  /** Vertices of each component, the largest first. */
  readonly sizes: readonly number[];
}

export async function connectedComponents(
  graph: CsrGraph,
  options: ParallelOptions = {},
): Promise<ComponentsResult> {
  const { vertices, offsets, targets, isDirected } = graph;
  const labels = sharedInt32(vertices);
  for (let vertex = 0; vertex < vertices; vertex++) labels[vertex] = vertex;
  const blocks = blocksOf(offsets);
  const input: ComponentsInput = {
    ...{ offsets, targets, blocks, labels, isBothWays: !isDirected, largest: sharedInt32(1) },
  };
  const workers = workersFor(graph.arcs, options);
  await runTeam(join(__dirname, "components-kernel.js"), input, { ...options, workers });
  const sizes = sizesOf(labels);
  return { labels, count: sizes.length, sizes };
}

function sizesOf(labels: Int32Array): number[] {
  const counts = new Uint32Array(labels.length);
  for (let vertex = 0; vertex < labels.length; vertex++) counts[labels[vertex]]++;
  return [...counts.filter((count) => count > 0).sort()].reverse();
}
