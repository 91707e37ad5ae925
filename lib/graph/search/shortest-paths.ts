/**
 * Shortest paths from one vertex to all others, by weights from 0 on.
 *
 * Source: U. Meyer, P. Sanders, "Delta-stepping: a parallelizable shortest path algorithm", 2003:
 * vertices wait in buckets of width delta; arcs up to delta ("light") are relaxed until a bucket is
 * empty, longer ones ("heavy") once after it. Ours is on one thread: distances are doubles, which
 * Atomics cannot compare and exchange.
 * Guarantees: distances are exact sums of weights along a path; Dijkstra's are the same.
 * Cost: linear in vertices and arcs on the average for random weights, no heap.
 */
import { inRange, wholeInRange } from "../../basics";
import type { CsrGraph } from "../structure/csr-graph";

export interface ShortestPathsOptions {
  /** Width of a bucket; default: the largest weight over the mean degree. */
  readonly delta?: number;
}

export interface ShortestPathsResult {
  readonly source: number;
  /** By vertex; Infinity: out of reach. */
  readonly distances: Float64Array;
  /** The vertex before on a shortest path; the source's is itself; -1: out of reach. */
  readonly parents: Int32Array;
  readonly delta: number;
}

export function shortestPaths(
  graph: CsrGraph,
  source: number,
  options: ShortestPathsOptions = {},
): ShortestPathsResult {
  wholeInRange("source", source, { min: 0, max: graph.vertices - 1 });
  const delta = options.delta ?? defaultDelta(graph);
  inRange("delta", delta, { min: Number.MIN_VALUE, max: Number.MAX_VALUE });
  const { distances, parents } = new DeltaStepping(graph, source, delta).run();
  return { source, distances, parents, delta };
}

function largestWeight({ weights, arcs }: CsrGraph): number {
  if (weights === undefined) return arcs > 0 ? 1 : 0;
  return weights.reduce((most, weight) => Math.max(most, weight), 0);
}

/** At least 1 / 4,096 of the largest weight, which bounds the buckets of one arc. */
function defaultDelta(graph: CsrGraph): number {
  const meanDegree = Math.min(4_096, Math.max(1, graph.arcs / graph.vertices));
  return largestWeight(graph) / meanDegree || 1;
}

class DeltaStepping {
  readonly distances: Float64Array;
  readonly parents: Int32Array;
  /** Those that are not empty, by number. */
  private readonly buckets = new Map<number, number[]>();
  private furthest = 0;

  constructor(
    private readonly graph: CsrGraph,
    source: number,
    private readonly delta: number,
  ) {
    this.distances = new Float64Array(graph.vertices).fill(Infinity);
    this.parents = new Int32Array(graph.vertices).fill(-1);
    this.distances[source] = 0;
    this.parents[source] = source;
    this.buckets.set(0, [source]);
  }

  run(): this {
    for (let bucket = 0; bucket <= this.furthest; bucket++) this.empty(bucket);
    return this;
  }

  private empty(bucket: number): void {
    const settled: number[] = [];
    for (let waiting = this.take(bucket); waiting !== undefined; waiting = this.take(bucket)) {
      for (const vertex of waiting) {
        // It may have moved to an earlier bucket, or be here twice.
        if (Math.floor(this.distances[vertex] / this.delta) !== bucket) continue;
        settled.push(vertex);
        this.relax(vertex, "light");
      }
    }
    for (const vertex of settled) this.relax(vertex, "heavy");
  }

  private take(bucket: number): number[] | undefined {
    const waiting = this.buckets.get(bucket);
    this.buckets.delete(bucket);
    return waiting;
  }

  private relax(vertex: number, kind: "light" | "heavy"): void {
    const { graph, distances, parents, delta } = this;
    const { offsets, targets, weights } = graph;
    for (let i = offsets[vertex]; i < offsets[vertex + 1]; i++) {
      const weight = weights === undefined ? 1 : weights[i];
      if (weight <= delta !== (kind === "light")) continue;
      const distance = distances[vertex] + weight;
      if (distance >= distances[targets[i]]) continue;
      distances[targets[i]] = distance;
      parents[targets[i]] = vertex;
      this.put(targets[i], Math.floor(distance / delta));
    }
  }

  private put(vertex: number, bucket: number): void {
    const waiting = this.buckets.get(bucket);
    if (waiting === undefined) this.buckets.set(bucket, [vertex]);
    else waiting.push(vertex);
    if (bucket > this.furthest) this.furthest = bucket;
  }
}
