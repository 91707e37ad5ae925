import type { CsrGraph } from "../structure/csr-graph";
import { firstLevel } from "./level";
import type { Level } from "./level";

/**
 * How many more edges lie inside of communities than chance would put there: below 1, 0 for chance.
 *
 * Source: M. Newman and M. Girvan, "Finding and evaluating community structure in networks", 2004;
 * resolution of J. Reichardt and S. Bornholdt 2006.
 * Cost: linear in arcs. Throws a RangeError for a directed graph.
 */
export function modularity(
  graph: CsrGraph,
  communities: ArrayLike<number>,
  { resolution = 1 }: { readonly resolution?: number } = {},
): number {
  if (graph.isDirected) throw new RangeError("modularity is of undirected graphs only");
  return qualityOf(firstLevel(graph), communities, resolution);
}

/** Modularity of the vertices of a level, which is that of the vertices they stand for. */
export function qualityOf(
  { size, offsets, targets, weights, strengths, totalStrength }: Level,
  communities: ArrayLike<number>,
  resolution: number,
): number {
  if (totalStrength === 0) return 0;
  const byCommunity = new Map<number, number>();
  let between = 0;
  for (let vertex = 0; vertex < size; vertex++) {
    const own = communities[vertex];
    byCommunity.set(own, (byCommunity.get(own) ?? 0) + strengths[vertex]);
    for (let i = offsets[vertex]; i < offsets[vertex + 1]; i++) {
      if (communities[targets[i]] !== own) between += weights[i];
    }
  }
  let chance = 0;
  for (const strength of byCommunity.values()) chance += (strength / totalStrength) ** 2;
  return 1 - between / totalStrength - resolution * chance;
}
