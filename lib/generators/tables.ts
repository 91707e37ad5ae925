/** Distributions as look-up tables of 4,096 cells: a draw is one random number and one read. */
import type { Random } from "../basics";

const cells = 4_096;

/** Zipf's law over ranks 0..count-1 with the given exponent: cell -> rank. */
export function zipfTable(count: number, exponent: number): Uint8Array {
  return cumulativeTable(Array.from({ length: count }, (_, rank) => (rank + 1) ** -exponent));
}

/** A discrete distribution by weights (any sum): cell -> index. At most 255 weights. */
export function cumulativeTable(weights: readonly number[]): Uint8Array {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const table = new Uint8Array(cells);
  let index = 0;
  let reached = (weights[0] as number) / total;
  for (let cell = 0; cell < cells; cell++) {
    while ((cell + 0.5) / cells > reached && index < weights.length - 1) {
      index++;
      reached += (weights[index] as number) / total;
    }
    table[cell] = index;
  }
  return table;
}

export function drawFrom(table: Uint8Array, random: Random): number {
  return table[random.uint32() >>> 20] as number;
}

let normals: Float64Array | undefined;

/** Quantiles of the standard normal distribution: cell -> value; the ends are at 3.7. */
export function normalTable(): Float64Array {
  normals ??= Float64Array.from({ length: cells }, (_, cell) =>
    normalQuantile((cell + 0.5) / cells),
  );
  return normals;
}

/** Quantiles of a log-normal with median 1: cell -> factor. `sigma` is that of the logarithm. */
export function logNormalTable(sigma: number): Float64Array {
  return normalTable().map((value) => Math.exp(sigma * value));
}

/**
 * The standard normal quantile, by bisection of the error function's series (Abramowitz and
 * Stegun 7.1.26, error below 1.5e-7): the tables are made once, so speed does not matter.
 */
function normalQuantile(probability: number): number {
  let low = -6;
  let high = 6;
  for (let i = 0; i < 50; i++) {
    const middle = (low + high) / 2;
    if (normalDistribution(middle) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function normalDistribution(x: number): number {
  const z = Math.abs(x) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * z);
  const series =
    t *
    (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const tail = (series * Math.exp(-z * z)) / 2;
  return x < 0 ? tail : 1 - tail;
}
