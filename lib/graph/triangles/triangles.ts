/**
 * Triangles, and how many of a vertex's friends are friends of each other.
 *
 * Source: T. Schank and D. Wagner, "Finding, Counting and Listing all Triangles in Large Graphs",
 * 2005 (forward, with marks); coefficients of D. Watts and S. Strogatz 1998.
 * Guarantees: exact, for any number of workers; weights, loops and repeated edges do not count.
 * Cost: arcs^1.5 at worst, as each edge is kept at its end of lower degree.
 */
import { join } from "path";
import { simpleGraph } from "../structure/build-graph";
import type { CsrGraph } from "../structure/csr-graph";
import { sharedInt32, sharedUint32 } from "../structure/thread-arrays";
import { blocksOf } from "../team/blocks";
import { runTeam, workersFor } from "../team/run-team";
import type { ParallelOptions } from "../team/run-team";
import type { TrianglesInput } from "./triangles-kernel";

export interface TrianglesResult {
  readonly total: number;
  /** Triangles that each vertex is a corner of. */
  readonly byVertex: Int32Array;
  /** By vertex, the share of pairs of its neighbours that are joined; 0 with fewer than two. */
  readonly clustering: Float64Array;
  /** Mean of `clustering`. */
  readonly averageClustering: number;
  /** Three times the triangles, of all paths of two edges; 0 without such paths. */
  readonly transitivity: number;
}

/** Throws a RangeError for a directed graph. */
export async function countTriangles(
  graph: CsrGraph,
  options: ParallelOptions = {},
): Promise<TrianglesResult> {
  if (graph.isDirected) throw new RangeError("triangles are counted in undirected graphs only");
  const simple = simpleGraph(graph);
  const input = prepare(simple);
  const workers = workersFor(graph.arcs, options);
  await runTeam(join(__dirname, "triangles-kernel.js"), input, { ...options, workers });
  return summarise(simple, input.counts);
}

function prepare({ vertices, offsets, targets, arcs }: CsrGraph): TrianglesInput {
  const forward = sharedUint32(arcs / 2);
  const forwardOffsets = sharedUint32(vertices + 1);
  let length = 0;
  for (let vertex = 0; vertex < vertices; vertex++) {
    const degree = offsets[vertex + 1] - offsets[vertex];
    for (let i = offsets[vertex]; i < offsets[vertex + 1]; i++) {
      const target = targets[i];
      const other = offsets[target + 1] - offsets[target];
      if (degree < other || (degree === other && vertex < target)) forward[length++] = target;
    }
    forwardOffsets[vertex + 1] = length;
  }
  const blocks = blocksOf(forwardOffsets);
  return { offsets: forwardOffsets, targets: forward, blocks, counts: sharedInt32(vertices) };
}

function summarise(graph: CsrGraph, byVertex: Int32Array): TrianglesResult {
  const { vertices } = graph;
  const clustering = new Float64Array(vertices);
  let [corners, paths, sum] = [0, 0, 0];
  for (let vertex = 0; vertex < vertices; vertex++) {
    const degree = graph.degree(vertex);
    const pairs = (degree * (degree - 1)) / 2;
    clustering[vertex] = pairs === 0 ? 0 : byVertex[vertex] / pairs;
    corners += byVertex[vertex];
    paths += pairs;
    sum += clustering[vertex];
  }
  const averageClustering = vertices === 0 ? 0 : sum / vertices;
  const transitivity = paths === 0 ? 0 : corners / paths;
  return { total: corners / 3, byVertex, clustering, averageClustering, transitivity };
}
