/**
 * Statistics that a few wild values do not move.
 *
 * Source: F. Hampel, "The influence curve and its role in robust estimation" (JASA 69, 1974): the
 * median of the absolute deviations from the median; times 1.4826 it is the standard deviation of
 * normal data. The cut of 3.5: B. Iglewicz and D. Hoaglin, "How to detect and handle outliers"
 * (1993).
 */

/** Loaded when the first median is asked for: it takes as long as half of this topic. */
const statistics = (): typeof import("simple-statistics") => require("simple-statistics");

/** What simple-statistics takes and leaves as it is; typed arrays do as well as lists. */
const listOf = (values: ArrayLike<number>): number[] => values as number[];

/** The middle value; the mean of the two middle ones; NaN of none. */
export function median(values: ArrayLike<number>): number {
  return values.length === 0 ? NaN : statistics().median(listOf(values));
}

/** Median of the absolute deviations from the median, times 1.4826; NaN of none. */
export function robustDeviation(values: ArrayLike<number>): number {
  if (values.length === 0) return NaN;
  return 1.4826 * statistics().medianAbsoluteDeviation(listOf(values));
}

/** By value: how many robust deviations it lies above the median; 0 where all are one value. */
export function robustScores(values: ArrayLike<number>): Float64Array {
  const middle = median(values);
  const deviation = robustDeviation(values);
  return Float64Array.from(values, (value) => (deviation === 0 ? 0 : (value - middle) / deviation));
}

/** Logarithm of the probability that Poisson with that mean comes to at least `count`. */
export function poissonTail(count: number, mean: number): number {
  if (count <= 0) return 0;
  // The first term, and the rest as a sum of ever smaller ones, relative to it.
  let first = -mean + count * Math.log(mean);
  for (let i = 2; i <= count; i++) first -= Math.log(i);
  let [sum, term] = [1, 1];
  for (let i = count + 1; term > sum * 1e-16; i++) {
    term *= mean / i;
    sum += term;
  }
  return Math.min(0, first + Math.log(sum));
}
