/**
 * What a ranking must know of a collection. Sums of whole numbers only, so that the statistics of
 * shards add up to those of the whole exactly, in any order.
 */
import type { Product } from "./product";

export interface Statistics {
  readonly documents: number;
  /** Words of each field, all documents together. */
  readonly fieldWords: readonly number[];
  /** In how many documents a word is. */
  readonly containing: ReadonlyMap<string, number>;
  /** Tenths of stars of all buyers who gave any, and how many these are. */
  readonly tenthsOfStars: number;
  readonly starGivers: number;
  /** Pieces of the product that sells best. */
  readonly mostSold: number;
  readonly prices: ReadonlyMap<string, { readonly rupees: number; readonly products: number }>;
}

/** Of products alone; without the words. */
export function productStatistics(
  products: readonly Product[],
): Omit<Statistics, "fieldWords" | "containing"> {
  let [tenthsOfStars, starGivers, mostSold] = [0, 0, 0];
  const prices = new Map<string, { rupees: number; products: number }>();
  for (const { rating, ratings, sold, category, price } of products) {
    tenthsOfStars += Math.round(rating * 10) * ratings;
    starGivers += ratings;
    mostSold = Math.max(mostSold, sold);
    const known = prices.get(category) ?? { rupees: 0, products: 0 };
    prices.set(category, { rupees: known.rupees + price, products: known.products + 1 });
  }
  return { documents: products.length, tenthsOfStars, starGivers, mostSold, prices };
}

/** Of two collections together. */
export function addStatistics(left: Statistics, right: Statistics): Statistics {
  const containing = new Map(left.containing);
  right.containing.forEach((count, word) => {
    containing.set(word, (containing.get(word) ?? 0) + count);
  });
  const prices = new Map(left.prices);
  right.prices.forEach(({ rupees, products }, category) => {
    const known = prices.get(category) ?? { rupees: 0, products: 0 };
    prices.set(category, { rupees: known.rupees + rupees, products: known.products + products });
  });
  return {
    documents: left.documents + right.documents,
    fieldWords: left.fieldWords.map((words, i) => words + (right.fieldWords[i] as number)),
    containing,
    tenthsOfStars: left.tenthsOfStars + right.tenthsOfStars,
    starGivers: left.starGivers + right.starGivers,
    mostSold: Math.max(left.mostSold, right.mostSold),
    prices,
  };
}

export function meanLengths({ fieldWords, documents }: Statistics): number[] {
  return fieldWords.map((words) => (documents === 0 ? 0 : words / documents));
}
