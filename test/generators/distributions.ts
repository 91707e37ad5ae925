/** Tests of a sample against a specification; each gives the statistic and its 99.9 % point. */
import { probit } from "simple-statistics";

export interface Fit {
  readonly statistic: number;
  readonly limit: number;
}

/**
 * Chi-square of counts against weights (any sum). Cells that expect less than 5 are put together.
 * The limit is by Wilson and Hilferty's cube root, good to a per cent from 3 degrees of freedom.
 */
export function chiSquare(counts: ArrayLike<number>, weights: ArrayLike<number>): Fit {
  const total = sum(counts);
  const scale = total / sum(weights);
  let [statistic, cells, restSeen, restExpected] = [0, 0, 0, 0];
  for (let i = 0; i < weights.length; i++) {
    const expected = weights[i]! * scale;
    if (expected < 5) {
      restSeen += counts[i]!;
      restExpected += expected;
      continue;
    }
    statistic += (counts[i]! - expected) ** 2 / expected;
    cells++;
  }
  if (restExpected >= 1) {
    statistic += (restSeen - restExpected) ** 2 / restExpected;
    cells++;
  }
  const degrees = cells - 1;
  const spread = 2 / (9 * degrees);
  return { statistic, limit: degrees * (1 - spread + probit(0.999) * Math.sqrt(spread)) ** 3 };
}

/** Kolmogorov-Smirnov distance of a sample from a distribution function. */
export function kolmogorovSmirnov(sample: readonly number[], cdf: (x: number) => number): Fit {
  const sorted = Float64Array.from(sample).sort();
  let statistic = 0;
  sorted.forEach((value, i) => {
    const expected = cdf(value);
    const [below, above] = [i / sorted.length, (i + 1) / sorted.length];
    statistic = Math.max(statistic, Math.abs(expected - below), Math.abs(above - expected));
  });
  return { statistic, limit: 1.95 / Math.sqrt(sorted.length) };
}

/** How often each value 0..size-1 occurs. */
export function countsOf(values: Iterable<number>, size: number): Float64Array {
  const counts = new Float64Array(size);
  for (const value of values) counts[value]!++;
  return counts;
}

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]!;
  return total;
}
