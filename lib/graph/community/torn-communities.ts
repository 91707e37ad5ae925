import { connectedComponents } from "../components/components";
import { graphFromEdges } from "../structure/build-graph";
import type { CsrGraph } from "../structure/csr-graph";

/**
 * The communities whose members do not hang together by edges between members: for each the sizes
 * of its pieces, the largest first. Louvain makes such communities, Leiden does not.
 *
 * Source: V. Traag, L. Waltman and N. van Eck, "From Louvain to Leiden", 2019, section "badly
 * connected communities".
 * Cost: that of the connected components.
 */
export async function tornCommunities(
  graph: CsrGraph,
  communities: ArrayLike<number>,
): Promise<number[][]> {
  const inside = graph.edgeList().filter(([v, u]) => communities[v] === communities[u]);
  const { labels } = await connectedComponents(
    graphFromEdges(inside, { vertices: graph.vertices }),
  );
  const pieces = new Map<number, Map<number, number>>();
  for (let v = 0; v < graph.vertices; v++) {
    const sizes = pieces.get(communities[v] as number) ?? new Map<number, number>();
    pieces.set(communities[v] as number, sizes);
    sizes.set(labels[v] as number, (sizes.get(labels[v] as number) ?? 0) + 1);
  }
  return [...pieces.values()]
    .filter(({ size }) => size > 1)
    .map((sizes) => [...sizes.values()].sort((a, b) => b - a));
}
