/**
 * Whom somebody may know: friends of friends, by how many friends are shared, and how telling those
 * are.
 *
 * Source: D. Liben-Nowell and J. Kleinberg, "The link prediction problem for social networks",
 * 2003; L. Adamic and E. Adar, "Friends and neighbors on the Web", 2003: who has few friends tells
 * more.
 * Cost: the sum of the degrees of the friends of `vertex`.
 */
import { wholeInRange } from "../../basics";
import type { CsrGraph } from "../structure/csr-graph";

export interface SuggestionOptions {
  /**
   * "commonNeighbours": how many are shared; "adamicAdar": the same, each worth 1 / ln(degree);
   * "jaccard": shared ones of all that either has. Default "adamicAdar".
   */
  readonly score?: "commonNeighbours" | "adamicAdar" | "jaccard";
  /** How many at most; default 10. */
  readonly top?: number;
}

export interface Suggestion {
  readonly vertex: number;
  readonly score: number;
  /** The friends that are shared: the reason to show. */
  readonly through: readonly number[];
}

/** The best first, equals by number; never a friend that there is. Undirected, simple graphs. */
export function suggestFriends(
  graph: CsrGraph,
  vertex: number,
  options: SuggestionOptions = {},
): Suggestion[] {
  wholeInRange("vertex", vertex, { min: 0, max: graph.vertices - 1 });
  const top = wholeInRange("top", options.top ?? 10, { min: 1, max: graph.vertices });
  const through = friendsOfFriends(graph, vertex);
  const scored = [...through].map(([candidate, shared]) => {
    const score = scoreOf(graph, [vertex, candidate], { kind: options.score, shared });
    return { vertex: candidate, score, through: shared };
  });
  scored.sort((left, right) => right.score - left.score || left.vertex - right.vertex);
  return scored.slice(0, top);
}

function friendsOfFriends(graph: CsrGraph, vertex: number): Map<number, number[]> {
  const friends = new Set(graph.neighbours(vertex)).add(vertex);
  const through = new Map<number, number[]>();
  for (const friend of graph.neighbours(vertex)) {
    if (friend === vertex) continue;
    for (const candidate of graph.neighbours(friend)) {
      if (friends.has(candidate)) continue;
      const shared = through.get(candidate);
      if (shared === undefined) through.set(candidate, [friend]);
      else shared.push(friend);
    }
  }
  return through;
}

function scoreOf(
  graph: CsrGraph,
  [vertex, candidate]: readonly [number, number],
  { kind = "adamicAdar", shared }: { kind?: SuggestionOptions["score"]; shared: number[] },
): number {
  if (kind === "commonNeighbours") return shared.length;
  if (kind === "jaccard") {
    return shared.length / (graph.degree(vertex) + graph.degree(candidate) - shared.length);
  }
  // Who is shared knows both, so its degree is at least 2 and the logarithm above 0.
  return shared.reduce((sum, friend) => sum + 1 / Math.log(graph.degree(friend)), 0);
}
