/** Graphs whose answers are known by a formula: for tests and first steps. */
import { wholeInRange } from "../../basics";
import { buildGraph } from "../structure/build-graph";
import type { CsrGraph } from "../structure/csr-graph";
import { EdgeGrowth } from "../structure/edge-growth";

const limits = { min: 1, max: 2 ** 26 };

/** Vertex 0 in the middle, joined to all others, which know nobody else. */
export function starGraph(vertices: number): CsrGraph {
  const growth = new EdgeGrowth(wholeInRange("vertices", vertices, limits));
  for (let vertex = 1; vertex < vertices; vertex++) growth.add(0, vertex);
  return buildGraph(growth.edges, { vertices });
}

/** A ring; directed, each vertex leads to the next alone. */
export function cycleGraph(vertices: number, options: { isDirected?: boolean } = {}): CsrGraph {
  wholeInRange("vertices", vertices, { min: 3, max: limits.max });
  const growth = new EdgeGrowth(vertices);
  for (let vertex = 0; vertex < vertices; vertex++) growth.add(vertex, (vertex + 1) % vertices);
  return buildGraph(growth.edges, { ...options, vertices });
}

/** Everybody knows everybody. */
export function completeGraph(vertices: number): CsrGraph {
  wholeInRange("vertices", vertices, { min: 1, max: 20_000 });
  const growth = new EdgeGrowth(vertices * vertices);
  for (let source = 0; source < vertices; source++) {
    for (let target = 0; target < source; target++) growth.add(source, target);
  }
  return buildGraph(growth.edges, { vertices });
}
