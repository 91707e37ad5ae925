/**
 * Builds a graph from arrays of edges.
 *
 * Source: counting sort twice, by target and then by source, which leaves every list sorted.
 * Cost: linear in vertices and edges; beside the graph itself 8 bytes an arc while it is built.
 */
import { CsrGraph } from "./csr-graph";
import { sharedFloat64, sharedUint32 } from "./thread-arrays";
import { sumUp, transposeArrays } from "./transpose";
import type { RangedArrays } from "./transpose";

export interface EdgeArrays {
  /** Vertices are the numbers from 0. */
  readonly sources: ArrayLike<number>;
  readonly targets: ArrayLike<number>;
  readonly weights?: ArrayLike<number> | undefined;
}

export interface BuildOptions {
  /** Default false: an edge leads both ways. */
  readonly isDirected?: boolean;
  /** Default: one more than the largest vertex that an edge names. */
  readonly vertices?: number;
  /** Drops loops and makes one edge of several between the same two, weights summed. Default no. */
  readonly isSimple?: boolean;
}

/** Throws a RangeError that names the edge for a vertex or weight that cannot be. */
export function buildGraph(edges: EdgeArrays, options: BuildOptions = {}): CsrGraph {
  const { isDirected = false, isSimple = false } = options;
  const vertices = checkEdges(edges, options.vertices);
  const sorted = transposeArrays(groupByTarget(edges, { vertices, isDirected }));
  const arrays = isSimple ? simplify(sorted) : sorted;
  return new CsrGraph({ ...arrays, isDirected });
}

/** `graphFromEdges([[0, 1], [1, 2, 0.5]])`: small graphs written by hand. */
export function graphFromEdges(
  edges: readonly (readonly [number, number, number?])[],
  options: BuildOptions = {},
): CsrGraph {
  const isWeighted = edges.some(([, , weight]) => weight !== undefined);
  const arrays = {
    sources: edges.map(([source]) => source),
    targets: edges.map(([, target]) => target),
    weights: isWeighted ? edges.map(([, , weight = 1]) => weight) : undefined,
  };
  return buildGraph(arrays, options);
}

/** Without loops, and with one edge between two vertices: itself when it is so already. */
export function simpleGraph(graph: CsrGraph): CsrGraph {
  const arrays = simplify(graph);
  if (arrays.targets.length === graph.arcs) return graph;
  return new CsrGraph({ ...arrays, isDirected: graph.isDirected });
}

/** The number of vertices. */
function checkEdges({ sources, targets, weights }: EdgeArrays, told?: number): number {
  if (sources.length !== targets.length || (weights && weights.length !== sources.length)) {
    const lengths = [sources.length, targets.length, weights?.length ?? "no"].join(", ");
    throw new RangeError(`sources, targets and weights must be as long, but were ${lengths}`);
  }
  const limit = told ?? 2 ** 31;
  let largest = -1;
  for (let i = 0; i < sources.length; i++) {
    const [source, target] = [sources[i], targets[i]];
    if (!isVertex(source, limit) || !isVertex(target, limit)) throw noVertex(i, edgeOf(i), told);
    if (source > largest) largest = source;
    if (target > largest) largest = target;
    if (weights && !(weights[i] >= 0 && weights[i] < Infinity)) {
      throw new RangeError(`edge ${i} has the weight ${weights[i]}: it must be from 0 on`);
    }
  }
  return told ?? largest + 1;

  function edgeOf(i: number): string {
    return `${sources[i]} to ${targets[i]}`;
  }
}

function isVertex(vertex: number, limit: number): boolean {
  return vertex >= 0 && vertex < limit && vertex % 1 === 0;
}

function noVertex(index: number, edge: string, told: number | undefined): RangeError {
  const range = told === undefined ? "whole numbers from 0 on" : `from 0 to ${told - 1}`;
  return new RangeError(`edge ${index}, ${edge}: vertices are ${range}`);
}

interface Shape {
  readonly vertices: number;
  readonly isDirected: boolean;
}

/** For each target its sources, in the order of the edges. */
function groupByTarget(edges: EdgeArrays, { vertices, isDirected }: Shape): RangedArrays {
  const { sources, targets, weights } = edges;
  const offsets = new Uint32Array(vertices + 1);
  for (let i = 0; i < sources.length; i++) {
    offsets[targets[i] + 1]++;
    if (!isDirected && sources[i] !== targets[i]) offsets[sources[i] + 1]++;
  }
  sumUp(offsets);
  const next = offsets.slice();
  const grouped = new Uint32Array(offsets[vertices]);
  const groupedWeights = weights ? new Float64Array(grouped.length) : undefined;
  for (let i = 0; i < sources.length; i++) {
    const [source, target] = [sources[i], targets[i]];
    put(target, source, i);
    if (!isDirected && source !== target) put(source, target, i);
  }
  return { offsets, targets: grouped, weights: groupedWeights };

  function put(row: number, value: number, edge: number): void {
    const place = next[row]++;
    grouped[place] = value;
    if (weights && groupedWeights) groupedWeights[place] = weights[edge];
  }
}

function simplify({ offsets, targets, weights }: RangedArrays): RangedArrays {
  const vertices = offsets.length - 1;
  const kept = new Uint32Array(targets.length);
  const keptWeights = weights && new Float64Array(targets.length);
  const newOffsets = sharedUint32(vertices + 1);
  let count = 0;
  for (let vertex = 0; vertex < vertices; vertex++) {
    const first = count;
    for (let i = offsets[vertex]; i < offsets[vertex + 1]; i++) {
      const isRepeated = count > first && kept[count - 1] === targets[i];
      if (targets[i] === vertex) continue;
      if (!isRepeated) kept[count++] = targets[i];
      if (weights && keptWeights) keptWeights[count - 1] += weights[i];
    }
    newOffsets[vertex + 1] = count;
  }
  const newTargets = sharedUint32(count);
  newTargets.set(kept.subarray(0, count));
  if (!keptWeights) return { offsets: newOffsets, targets: newTargets };
  const newWeights = sharedFloat64(count);
  newWeights.set(keptWeights.subarray(0, count));
  return { offsets: newOffsets, targets: newTargets, weights: newWeights };
}
