/**
 * Breadth-first search: the fewest arcs from one vertex to all others.
 *
 * Source: S. Beamer, K. Asanovic, D. Patterson, "Direction-Optimizing Breadth-First Search", SC
 * 2012: when the frontier is wide, those not yet found look for it, and stop at the first hit.
 * Ours takes the smallest possible parent, so that the tree does not depend on threads.
 * Cost: linear in arcs at worst, a fraction of them where most are reached in a few steps.
 */
import { join } from "path";
import { wholeInRange } from "../../basics";
import type { CsrGraph } from "../structure/csr-graph";
import { sharedInt32, sharedUint32 } from "../structure/thread-arrays";
import { blocksOf } from "../team/blocks";
import { runTeam, workersFor } from "../team/run-team";
import type { ParallelOptions } from "../team/run-team";
import { place } from "./breadth-first-kernel";
import type { BreadthFirstInput } from "./breadth-first-kernel";

export interface BreadthFirstOptions extends ParallelOptions {
  /**
   * Whether to walk against the arcs where that is shorter, which needs the transpose. Default:
   * when the graph has it, as all undirected ones do.
   */
  readonly isOptimised?: boolean;
}

export interface BreadthFirstResult {
  readonly source: number;
  /** Arcs from the source, by vertex; -1: out of reach. */
  readonly depths: Int32Array;
  /** The vertex before, by vertex; the source's is itself; -1: out of reach. */
  readonly parents: Int32Array;
  /** Vertices at each depth. */
  readonly levels: readonly number[];
  /** Levels that were found by looking back at the frontier. */
  readonly bottomUpSteps: number;
}

export async function breadthFirst(
  graph: CsrGraph,
  source: number,
  options: BreadthFirstOptions = {},
): Promise<BreadthFirstResult> {
  wholeInRange("source", source, { min: 0, max: graph.vertices - 1 });
  const input = prepare(graph, source, options.isOptimised ?? graph.hasTranspose);
  const workers = workersFor(graph.arcs, options);
  await runTeam(join(__dirname, "breadth-first-kernel.js"), input, { ...options, workers });
  const { depths, parents, state } = input;
  const levels = countLevels(depths, state[place.depth]);
  return { source, depths, parents, levels, bottomUpSteps: state[place.bottomUpSteps] };
}

function prepare(graph: CsrGraph, source: number, isOptimised: boolean): BreadthFirstInput {
  const { vertices, offsets, targets } = graph;
  const depths = sharedInt32(vertices).fill(-1);
  const parents = sharedInt32(vertices).fill(-1);
  const queues = [sharedUint32(vertices), sharedUint32(vertices)] as const;
  const state = sharedInt32(place.size);
  depths[source] = 0;
  parents[source] = source;
  queues[0][0] = source;
  state[place.length] = 1;
  state[place.openArcs] = graph.arcs - graph.degree(source);
  const turned = isOptimised ? graph.transpose() : undefined;
  const inward = turned && { offsets: turned.offsets, sources: turned.targets };
  const blocks = turned ? blocksOf(turned.offsets) : new Uint32Array(0);
  return { offsets, targets, inward, depths, parents, queues, blocks, state };
}

function countLevels(depths: Int32Array, count: number): number[] {
  const levels = Array<number>(count).fill(0);
  for (let vertex = 0; vertex < depths.length; vertex++) {
    if (depths[vertex] >= 0) levels[depths[vertex]]++;
  }
  return levels;
}
