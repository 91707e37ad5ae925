/** What is known of a product without any query: is it cheap, liked, bought? Each is 0 to 1. */
import type { Product } from "./product";
import type { Statistics } from "./statistics";

/** A product's mean price among others counts a half; half of it two thirds. */
export function cheapness({ price, category }: Product, { prices }: Statistics): number {
  const { rupees, products } = prices.get(category) ?? { rupees: price, products: 1 };
  const mean = rupees / products;
  return mean + price === 0 ? 0.5 : mean / (mean + price);
}

/**
 * The Bayesian average of the stars: as if `priorRatings` more buyers had given it what buyers give
 * on the average. So one buyer's five stars do not beat a thousand buyers' 4.6.
 */
export function bayesianStars(
  { rating, ratings }: Product,
  { tenthsOfStars, starGivers }: Statistics,
  priorRatings: number,
): number {
  const mean = starGivers === 0 ? 3 : tenthsOfStars / 10 / starGivers;
  const givers = priorRatings + ratings;
  return givers === 0 ? mean : (priorRatings * mean + rating * ratings) / givers;
}

/** Five stars are 1, one is 0. */
export function likedness(product: Product, statistics: Statistics, priorRatings: number): number {
  return (bayesianStars(product, statistics, priorRatings) - 1) / 4;
}

/** By the logarithm of the pieces sold; 1 for the best seller. */
export function popularity({ sold }: Product, { mostSold }: Statistics): number {
  return mostSold === 0 ? 0 : Math.log1p(sold) / Math.log1p(mostSold);
}
