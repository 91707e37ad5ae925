/** Ranks beside the number of followers: how much more a rank knows than a count. */
import { Random, wholeInRange } from "../../basics";
import type { CsrGraph } from "../structure/csr-graph";

export interface RankPercentile {
  /** The least number of followers of the vertices in this row, a power of two. */
  readonly followers: number;
  readonly percent: number;
  /** As many percent of these vertices have a lower rank; in times the mean of all. */
  readonly rank: number;
}

/** Percentiles of the ranks of vertices with alike many followers, fewest first. */
export function rankPercentiles(
  graph: CsrGraph,
  ranks: ArrayLike<number>,
  { percents }: { readonly percents: readonly number[] },
): RankPercentile[] {
  const followers = graph.transpose();
  const bins = new Map<number, number[]>();
  for (let v = 0; v < graph.vertices; v++) {
    const bin = 2 ** Math.floor(Math.log2(Math.max(1, followers.degree(v))));
    const bound = bins.get(bin) ?? [];
    bins.set(bin, bound);
    bound.push((ranks[v] as number) * graph.vertices);
  }
  return [...bins]
    .sort(([left], [right]) => left - right)
    .flatMap(([bin, own]) => {
      own.sort((left, right) => left - right);
      return percents.map((percent) => {
        const rank = own[Math.floor((percent * own.length) / 100)] as number;
        return { followers: bin, percent, rank };
      });
    });
}

/**
 * The share, 0 to 1, of random pairs in which the vertex with more followers has the higher rank;
 * of pairs with equally many, others are drawn. Throws a RangeError when all have equally many.
 */
export function rankOrderAgreement(
  graph: CsrGraph,
  ranks: ArrayLike<number>,
  { pairs, seed }: { readonly pairs: number; readonly seed: number },
): number {
  wholeInRange("pairs", pairs, { min: 1, max: 1e9 });
  const followers = graph.transpose();
  const counts = new Set(Array.from({ length: graph.vertices }, (_, v) => followers.degree(v)));
  if (counts.size < 2) throw new RangeError("all vertices have equally many followers");
  const random = new Random(seed);
  let [right, drawn] = [0, 0];
  while (drawn < pairs) {
    const [a, b] = [random.below(graph.vertices), random.below(graph.vertices)];
    if (followers.degree(a) <= followers.degree(b)) continue;
    drawn++;
    if ((ranks[a] as number) > (ranks[b] as number)) right++;
  }
  return right / pairs;
}
