/**
 * PageRank: how often a walker is at each vertex who follows arcs at random and now and then jumps.
 *
 * Source: S. Brin and L. Page, "The anatomy of a large-scale hypertextual Web search engine", 1998;
 * dangling vertices as A. Langville and C. Meyer, "Deeper inside PageRank", 2004, section 3: their
 * walkers jump. Ours pulls along the transpose, so that no two threads write to one vertex.
 * Guarantees: ranks sum to 1; bitwise the same for any number of workers (sums by block).
 * Cost: one pass over the arcs an iteration, log(tolerance) / log(damping) iterations at most.
 */
import { join } from "path";
import { inRange, wholeInRange } from "../../basics";
import type { CsrGraph } from "../structure/csr-graph";
import { sharedFloat64 } from "../structure/thread-arrays";
import { orderedBlocks } from "../team/blocks";
import { runTeam, workersFor } from "../team/run-team";
import type { ParallelOptions } from "../team/run-team";
import { place } from "./page-rank-kernel";
import type { PageRankInput } from "./page-rank-kernel";

export interface PageRankOptions extends ParallelOptions {
  /** Probability of following an arc rather than jumping, 0 to below 1; default 0.85. */
  readonly damping?: number;
  /** Ends when all ranks together change by less in an iteration; default 1e-6. */
  readonly tolerance?: number;
  /** Default 1,000. */
  readonly maxIterations?: number;
  /** Vertices to jump to, with their weights; default: all alike. "Personalised" PageRank. */
  readonly jumpTo?: ReadonlyMap<number, number>;
  /** Follows heavy arcs more often; default: when the graph has weights. */
  readonly isWeighted?: boolean;
}

export interface PageRankResult {
  /** "notConverged": `maxIterations` was reached first. */
  readonly kind: "converged" | "notConverged";
  /** By vertex. */
  readonly ranks: Float64Array;
  readonly iterations: number;
  /** Of all ranks together, in the last iteration. */
  readonly change: number;
}

export async function pageRank(
  graph: CsrGraph,
  options: PageRankOptions = {},
): Promise<PageRankResult> {
  const input = prepare(graph, options);
  const workers = workersFor(graph.arcs, options);
  if (graph.vertices > 0) {
    await runTeam(join(__dirname, "page-rank-kernel.js"), input, { ...options, workers });
  }
  const change = input.state[place.change];
  const kind = change < input.tolerance ? "converged" : "notConverged";
  return { kind, ranks: input.ranks, iterations: input.state[place.iterations], change };
}

function prepare(graph: CsrGraph, options: PageRankOptions): PageRankInput {
  const { vertices } = graph;
  const damping = inRange("damping", options.damping ?? 0.85, { min: 0, max: 0.999_999 });
  const tolerance = inRange("tolerance", options.tolerance ?? 1e-6, { min: 0, max: 1 });
  const maxIterations = wholeInRange("maxIterations", options.maxIterations ?? 1_000, {
    min: 1,
    max: 1e9,
  });
  const isWeighted = options.isWeighted ?? true;
  const { offsets, targets: sources, weights } = graph.transpose();
  const shares = sharesOf(graph, isWeighted);
  const jumps = options.jumpTo && jumpsOf(options.jumpTo, vertices);
  const ranks = sharedFloat64(vertices);
  for (let v = 0; v < vertices; v++) ranks[v] = jumps === undefined ? 1 / vertices : jumps[v];
  const flows = [sharedFloat64(vertices), sharedFloat64(vertices)] as const;
  const state = sharedFloat64(place.length);
  for (let v = 0; v < vertices; v++) {
    flows[0][v] = ranks[v] * shares[v];
    if (shares[v] === 0) state[place.dangling] += ranks[v];
  }
  const { order, blocks } = orderedBlocks(offsets);
  const [changes, dangling] = [sharedFloat64(blocks.length - 1), sharedFloat64(blocks.length - 1)];
  return {
    ...{ offsets, sources, weights: isWeighted ? weights : undefined, shares, jumps },
    ...{ ranks, flows, order, blocks, changes, dangling, state, damping, tolerance, maxIterations },
  };
}

function sharesOf({ vertices, offsets, weights }: CsrGraph, isWeighted: boolean): Float64Array {
  const shares = sharedFloat64(vertices);
  for (let vertex = 0; vertex < vertices; vertex++) {
    let total = offsets[vertex + 1] - offsets[vertex];
    if (isWeighted && weights !== undefined) {
      total = 0;
      for (let i = offsets[vertex]; i < offsets[vertex + 1]; i++) total += weights[i];
    }
    shares[vertex] = total === 0 ? 0 : 1 / total;
  }
  return shares;
}

function jumpsOf(jumpTo: ReadonlyMap<number, number>, vertices: number): Float64Array {
  const jumps = sharedFloat64(vertices);
  let total = 0;
  for (const [vertex, weight] of jumpTo) {
    wholeInRange("a vertex of jumpTo", vertex, { min: 0, max: vertices - 1 });
    jumps[vertex] = inRange(`jumpTo(${vertex})`, weight, { min: 0, max: 1e300 });
    total += weight;
  }
  if (total === 0) throw new RangeError("jumpTo needs a vertex with a weight above 0");
  for (let vertex = 0; vertex < vertices; vertex++) jumps[vertex] /= total;
  return jumps;
}
