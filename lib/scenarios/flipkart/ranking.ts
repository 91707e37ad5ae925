/** The knobs of a ranking. */
import { inRange } from "../../basics";
import type { Field } from "./bm25";

export interface RankingOptions {
  /** Occurrences of a word after which more count little; 0 to 100, default 1.2. */
  readonly k1: number;
  /** Default: title with weight 3 and b 0.3, description with weight 1 and b 0.75. */
  readonly fields: readonly Field[];
  /** How much each counts; at least 0. Defaults 1, 0.5, 1.5, 1.5. */
  readonly weights: {
    /** Times BM25. */
    readonly relevance: number;
    readonly price: number;
    readonly rating: number;
    readonly popularity: number;
  };
  /** Average buyers that each product is given before its own; default 20. */
  readonly priorRatings: number;
}

export const defaultRanking: RankingOptions = {
  k1: 1.2,
  fields: [
    { column: "title", weight: 3, b: 0.3 },
    { column: "description", weight: 1, b: 0.75 },
  ],
  weights: { relevance: 1, price: 0.5, rating: 1.5, popularity: 1.5 },
  priorRatings: 20,
};

/** Fills in the defaults; throws RangeError for what cannot be. */
export function checkRanking(options: PartialRanking): RankingOptions {
  const { weights, ...plain } = options;
  const ranking = {
    ...defaultRanking,
    ...plain,
    weights: { ...defaultRanking.weights, ...weights },
  };
  inRange("k1", ranking.k1, { min: 0, max: 100 });
  inRange("priorRatings", ranking.priorRatings, { min: 0, max: 1e9 });
  for (const [name, weight] of Object.entries(ranking.weights)) {
    inRange(`weights.${name}`, weight, { min: 0, max: 1e6 });
  }
  for (const { column, weight, b } of ranking.fields) {
    inRange(`the weight of ${column}`, weight, { min: 0, max: 1e6 });
    inRange(`b of ${column}`, b, { min: 0, max: 1 });
  }
  return ranking;
}

export type PartialRanking = Partial<Omit<RankingOptions, "weights">> & {
  readonly weights?: Partial<RankingOptions["weights"]>;
};
