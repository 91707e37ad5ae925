/** Graphs whose edges are drawn evenly: without structure, or with planted groups to be found. */
import { Random, inRange, wholeInRange } from "../../basics";
import { buildGraph } from "../structure/build-graph";
import type { CsrGraph } from "../structure/csr-graph";
import { EdgeGrowth } from "../structure/edge-growth";

export interface ErdosRenyiOptions {
  readonly vertices: number;
  /** Of each edge, 0 to 1. */
  readonly probability: number;
  readonly seed?: number;
}

/**
 * Every pair of vertices is joined with the same probability.
 *
 * Source: P. Erdos and A. Renyi 1959, E. Gilbert 1959; drawn by V. Batagelj and U. Brandes,
 * "Efficient generation of large random networks", 2005: the pairs left out are skipped at once.
 * Cost: linear in the edges.
 */
export function erdosRenyi(options: ErdosRenyiOptions): CsrGraph {
  const vertices = wholeInRange("vertices", options.vertices, { min: 1, max: 2 ** 26 });
  const probability = inRange("probability", options.probability, { min: 0, max: 1 });
  const growth = new EdgeGrowth();
  const random = new Random(options.seed ?? 1);
  joinWithin({ first: 0, size: vertices }, { probability, random, growth });
  return buildGraph(growth.edges, { vertices });
}

export interface PlantedPartitionOptions {
  /** Groups of equal size; vertex v is in group floor(v / groupSize). */
  readonly groups: number;
  readonly groupSize: number;
  /** Probability of an edge within a group, 0 to 1. */
  readonly inside: number;
  /** Probability of an edge between groups, 0 to 1. */
  readonly outside: number;
  readonly seed?: number;
}

export interface PlantedGraph {
  readonly graph: CsrGraph;
  /** The group of each vertex: what a search for communities should find. */
  readonly truth: Uint32Array;
}

/**
 * Groups whose members know each other more than they know others.
 *
 * Source: A. Condon and R. Karp, "Algorithms for graph partitioning on the planted partition
 * model", 2001; drawn as `erdosRenyi`.
 * Cost: linear in the edges.
 */
export function plantedPartition(options: PlantedPartitionOptions): PlantedGraph {
  const groups = wholeInRange("groups", options.groups, { min: 1, max: 20_000 });
  const size = wholeInRange("groupSize", options.groupSize, { min: 1, max: 2 ** 26 });
  const inside = inRange("inside", options.inside, { min: 0, max: 1 });
  const outside = inRange("outside", options.outside, { min: 0, max: 1 });
  const growth = new EdgeGrowth();
  const random = new Random(options.seed ?? 1);
  for (let group = 0; group < groups; group++) {
    const first = group * size;
    joinWithin({ first, size }, { probability: inside, random, growth });
    // All earlier groups at once: one rectangle of pairs.
    const earlier = { rows: { first, size }, columns: { first: 0, size: first } };
    joinBetween(earlier, { probability: outside, random, growth });
  }
  const vertices = groups * size;
  const truth = Uint32Array.from({ length: vertices }, (_, v) => Math.floor(v / size));
  return { graph: buildGraph(growth.edges, { vertices }), truth };
}

interface Range {
  readonly first: number;
  readonly size: number;
}

interface Draw {
  readonly probability: number;
  readonly random: Random;
  readonly growth: EdgeGrowth;
}

/** Pairs left out before the next edge: geometric. */
function skip({ probability, random }: Draw): number {
  if (probability >= 1) return 0;
  return Math.floor(Math.log(1 - random.next()) / Math.log1p(-probability));
}

function joinWithin({ first, size }: Range, draw: Draw): void {
  if (draw.probability === 0) return;
  let [row, column] = [1, -1];
  for (;;) {
    column += 1 + skip(draw);
    while (column >= row && row < size) {
      column -= row;
      row++;
    }
    if (row >= size) return;
    draw.growth.add(first + row, first + column);
  }
}

function joinBetween(
  { rows, columns }: { readonly rows: Range; readonly columns: Range },
  draw: Draw,
): void {
  if (draw.probability === 0) return;
  const pairs = rows.size * columns.size;
  for (let pair = skip(draw); pair < pairs; pair += 1 + skip(draw)) {
    const row = Math.floor(pair / columns.size);
    draw.growth.add(rows.first + row, columns.first + (pair - row * columns.size));
  }
}
