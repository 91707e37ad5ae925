/** Small worlds and rich clubs: two models of how people come to know each other. */
import { Random, inRange, wholeInRange } from "../../basics";
import { buildGraph } from "../structure/build-graph";
import type { CsrGraph } from "../structure/csr-graph";
import { EdgeGrowth } from "../structure/edge-growth";

export interface BarabasiAlbertOptions {
  readonly vertices: number;
  /** Edges that each new vertex brings; from 1 on, below `vertices`. */
  readonly edgesPerVertex: number;
  readonly seed?: number;
}

/**
 * Who has many friends gets more: degrees follow a power law with exponent 3.
 *
 * Source: A.-L. Barabasi and R. Albert, "Emergence of scaling in random networks", Science 1999;
 * as in networkx it begins with a star, and draws ends of edges there are, which is proportional to
 * degree.
 * Cost: linear in the edges.
 */
export function barabasiAlbert(options: BarabasiAlbertOptions): CsrGraph {
  const vertices = wholeInRange("vertices", options.vertices, { min: 2, max: 2 ** 30 });
  const count = wholeInRange("edgesPerVertex", options.edgesPerVertex, {
    min: 1,
    max: vertices - 1,
  });
  const random = new Random(options.seed ?? 1);
  const growth = new EdgeGrowth(vertices * count);
  for (let vertex = 0; vertex < count; vertex++) growth.add(count, vertex);
  for (let vertex = count + 1; vertex < vertices; vertex++) {
    const ends = growth.length * 2;
    const chosen = new Set<number>();
    while (chosen.size < count) chosen.add(growth.endAt(random.below(ends)));
    for (const target of chosen) growth.add(vertex, target);
  }
  return buildGraph(growth.edges, { vertices });
}

export interface WattsStrogatzOptions {
  readonly vertices: number;
  /** Nearest neighbours on the ring that each vertex begins with; even, below `vertices`. */
  readonly neighbours: number;
  /** Share of edges of which one end is drawn anew, 0 to 1. */
  readonly rewired: number;
  readonly seed?: number;
}

/**
 * A ring of close friends with a few far ones: short paths and many triangles at once.
 *
 * Source: D. Watts and S. Strogatz, "Collective dynamics of 'small-world' networks", Nature 1998.
 * Cost: linear in the edges.
 */
export function wattsStrogatz(options: WattsStrogatzOptions): CsrGraph {
  const vertices = wholeInRange("vertices", options.vertices, { min: 3, max: 2 ** 30 });
  const neighbours = wholeInRange("neighbours", options.neighbours, { min: 2, max: vertices - 1 });
  if (neighbours % 2 === 1) throw new RangeError(`neighbours must be even, but was ${neighbours}`);
  const rewired = inRange("rewired", options.rewired, { min: 0, max: 1 });
  const random = new Random(options.seed ?? 1);
  const known = new Set<number>();
  const keyOf = (u: number, v: number): number => Math.min(u, v) * vertices + Math.max(u, v);
  const ring = ringEdges(vertices, neighbours);
  for (const [source, target] of ring) known.add(keyOf(source, target));
  const growth = new EdgeGrowth(ring.length);
  for (const [source, target] of ring) {
    const end = random.chance(rewired) ? drawStranger(source, target) : target;
    if (end !== target) known.delete(keyOf(source, target));
    known.add(keyOf(source, end));
    growth.add(source, end);
  }
  return buildGraph(growth.edges, { vertices });

  /** `otherwise` for one who knows nearly all. */
  function drawStranger(source: number, otherwise: number): number {
    for (let tries = 0; tries < 100; tries++) {
      const end = random.below(vertices);
      if (end !== source && !known.has(keyOf(source, end))) return end;
    }
    return otherwise;
  }
}

function ringEdges(vertices: number, neighbours: number): [number, number][] {
  const edges: [number, number][] = [];
  for (let step = 1; step <= neighbours / 2; step++) {
    for (let vertex = 0; vertex < vertices; vertex++) {
      edges.push([vertex, (vertex + step) % vertices]);
    }
  }
  return edges;
}
