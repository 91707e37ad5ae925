/**
 * What a cache of any size can hit when pages end: a page that is asked for at random, L times a
 * second, and kept for T seconds from each fetch, is fetched once in T + 1 / L seconds, and so hits
 * L T / (1 + L T) of its requests. Summed over Zipf's law.
 *
 * Source: J. Jung, A. Berger, H. Balakrishnan, "Modeling TTL-based Internet caches", INFOCOM 2003,
 * theorem 1 for Poisson arrivals.
 * Assumes: independent requests, an infinite memory.
 * Cost: ranks above 4,096 are taken in groups of 1 %, within 0.0001 of the whole sum.
 */
import { inRange, wholeInRange } from "../../../basics";

export interface TtlHitOptions {
  readonly products: number;
  /** Zipf's; default 0.99. */
  readonly exponent?: number;
  /** Requests that come to the cache, a second. */
  readonly perSecond: number;
  /** From the fetch of a page on. */
  readonly ttlMs: number;
}

/** The part of the requests that hit, 0 to 1. */
export function ttlHitShare(options: TtlHitOptions): number {
  const { perSecond, ttlMs, exponent = 0.99 } = options;
  const products = wholeInRange("products", options.products, { min: 1, max: 2 ** 31 });
  inRange("exponent", exponent, { min: 0, max: 4 });
  const expected = inRange("perSecond", perSecond, { min: 0, max: 1e12 }) * (ttlMs / 1_000);
  inRange("ttlMs", ttlMs, { min: 0, max: 1e12 });
  let [whole, hits] = [0, 0];
  forRanks(products, (rank, count) => (whole += count * rank ** -exponent));
  forRanks(products, (rank, count) => {
    const part = rank ** -exponent / whole;
    hits += (count * part * (part * expected)) / (1 + part * expected);
  });
  return hits;
}

/** Each rank, or the middle of a group and how many it stands for. */
function forRanks(products: number, visit: (rank: number, count: number) => void): void {
  for (let rank = 1; rank <= products;) {
    const count = rank <= 4_096 ? 1 : Math.min(Math.floor(rank / 100), products - rank + 1);
    visit(rank + (count - 1) / 2, count);
    rank += count;
  }
}
