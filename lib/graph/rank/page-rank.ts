/**
 * PageRank: how often a walker is at each vertex who follows arcs at random and now and then jumps.
 *
 * Source: S. Brin and L. Page, "The anatomy of a large-scale hypertextual Web search engine", 1998;
 * dangling vertices as A. Langville and C. Meyer, "Deeper inside PageRank", 2004, section 3: their
 * walkers jump. Ours pulls along the transpose, so that no two threads write to one vertex.
 * Guarantees: ranks sum to 1; bitwise the same for any number of workers (sums by block).
 * Cost: one pass over the arcs an iteration, log(tolerance) / log(damping) iterations at most; one
 * more, and a copy of the arcs, to lay them out (slots.ts).
 */
import { join } from "path";
import { inRange, wholeInRange } from "../../basics";
import type { CsrGraph } from "../structure/csr-graph";
import { sharedFloat64, sharedUint32 } from "../structure/thread-arrays";
import { runTeam, workersFor } from "../team/run-team";
import type { ParallelOptions } from "../team/run-team";
import { place } from "./page-rank-kernel";
import type { PageRankInput } from "./page-rank-kernel";
import { slotsOf } from "./slots";
import type { Slots } from "./slots";

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
  return { kind, ranks: input.result, iterations: input.state[place.iterations], change };
}

function prepare(graph: CsrGraph, options: PageRankOptions): PageRankInput {
  const { vertices } = graph;
  const damping = inRange("damping", options.damping ?? 0.85, { min: 0, max: 0.999_999 });
  const tolerance = inRange("tolerance", options.tolerance ?? 1e-6, { min: 0, max: 1 });
  const maxIterations = wholeInRange("maxIterations", options.maxIterations ?? 1_000, {
    min: 1,
    max: 1e9,
  });
  const isWeighted = (options.isWeighted ?? true) && graph.weights !== undefined;
  const slots = slotsOf(graph, isWeighted);
  const weights = isWeighted ? sharedFloat64(graph.arcs) : undefined;
  const jumps = options.jumpTo && jumpsOf(options.jumpTo, slots);
  const blocks = slots.blocks.length - 1;
  const input = {
    ...{ slots, inward: graph.transpose().arrays, jumps, damping, tolerance, maxIterations },
    arcs: { sources: sharedUint32(graph.arcs), weights },
    ranks: sharedFloat64(slots.core),
    flows: [sharedFloat64(slots.core), sharedFloat64(slots.core), sharedFloat64(slots.core)],
    result: sharedFloat64(vertices),
    ...{ changes: sharedFloat64(blocks), sums: sharedFloat64(blocks) },
    state: sharedFloat64(place.length),
  };
  begin(input);
  return input;
}

/** All ranks from jumps alone, as if everybody had jumped in the iteration before the first. */
function begin({ slots, jumps, ranks, flows, state, damping, result }: PageRankInput): void {
  const share = jumps === undefined ? 1 / result.length : 1;
  let together = 0;
  for (let slot = 0; slot < slots.core; slot++) {
    ranks[slot] = jumps === undefined ? share : jumps[slot];
    flows[0][slot] = ranks[slot] * slots.shares[slot];
    together += ranks[slot];
  }
  state[place.jump] = share;
  state[place.nextJump] = (1 - damping + damping * (1 - together)) * share;
}

function jumpsOf(jumpTo: ReadonlyMap<number, number>, { slotOf }: Slots): Float64Array {
  const vertices = slotOf.length;
  const jumps = sharedFloat64(vertices);
  let total = 0;
  for (const [vertex, weight] of jumpTo) {
    wholeInRange("a vertex of jumpTo", vertex, { min: 0, max: vertices - 1 });
    jumps[slotOf[vertex]] = inRange(`jumpTo(${vertex})`, weight, { min: 0, max: 1e300 });
    total += weight;
  }
  if (total === 0) throw new RangeError("jumpTo needs a vertex with a weight above 0");
  for (let slot = 0; slot < vertices; slot++) jumps[slot] /= total;
  return jumps;
}
