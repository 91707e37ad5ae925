/**
 * Scores of the right ones and of impostors, as rates of error: at each threshold, how many
 * impostors are let in and how many right ones are sent away.
 *
 * Source: A. Martin et al., "The DET curve in assessment of detection task performance"
 * (Eurospeech 1997); ISO/IEC 19795-1 for the names of the rates.
 */
import { inRange } from "../../basics";

/** Rates at rising thresholds; a pair with a distance of at most the threshold is accepted. */
export interface ErrorRates {
  readonly threshold: readonly number[];
  /** Share of impostors accepted, 0 to 1: FAR, or FMR of single comparisons. */
  readonly falseAccept: readonly number[];
  /** Share of right ones refused, 0 to 1: FRR, or FNMR. */
  readonly falseReject: readonly number[];
  /** Where both are equal, on a straight line between neighbours: EER. */
  readonly equalErrorRate: number;
  readonly equalErrorThreshold: number;
}

/** How often each of some rising distances was seen. */
export interface Seen {
  readonly distance: readonly number[];
  readonly pairs: ArrayLike<number>;
}

/** Both histograms over the same distances. Right ones are near, impostors far. */
export function errorRates(genuine: Seen, impostor: Seen): ErrorRates {
  const accepted = runningShares(genuine.pairs);
  const falseAccept = runningShares(impostor.pairs);
  const falseReject = accepted.map((share) => 1 - share);
  const threshold = genuine.distance;
  const at = falseAccept.findIndex((rate, i) => rate >= falseReject[i]);
  return { threshold, falseAccept, falseReject, ...equalError() };

  function equalError(): Pick<ErrorRates, "equalErrorRate" | "equalErrorThreshold"> {
    if (at <= 0) {
      const rate = at === 0 ? falseAccept[0] : 1;
      return { equalErrorRate: rate, equalErrorThreshold: threshold[Math.max(0, at)] };
    }
    const gapBefore = falseReject[at - 1] - falseAccept[at - 1];
    const gapAfter = falseAccept[at] - falseReject[at];
    const part = gapBefore / (gapBefore + gapAfter);
    const between = (list: readonly number[]): number =>
      list[at - 1] + part * (list[at] - list[at - 1]);
    return { equalErrorRate: between(falseAccept), equalErrorThreshold: between(threshold) };
  }
}

/** The same for scores one by one: each is a distance, or, turned round, a likeness below 0. */
export function errorRatesOf(genuine: ArrayLike<number>, impostor: ArrayLike<number>): ErrorRates {
  const [right, wrong] = [genuine, impostor].map((scores) => Float64Array.from(scores).sort());
  const distance = [...new Set([...right, ...wrong])].sort((a, b) => a - b);
  const countsOf = (sorted: Float64Array): Float64Array => {
    const pairs = new Float64Array(distance.length);
    let bin = 0;
    for (const score of sorted) {
      while (distance[bin] < score) bin++;
      pairs[bin]++;
    }
    return pairs;
  };
  return errorRates({ distance, pairs: countsOf(right) }, { distance, pairs: countsOf(wrong) });
}

/** The greatest threshold at which at most that share of impostors is accepted, and its rates. */
export function thresholdFor(
  rates: ErrorRates,
  mostFalseAccepts: number,
): { threshold: number; falseAccept: number; falseReject: number } {
  inRange("mostFalseAccepts", mostFalseAccepts, { min: 0, max: 1 });
  let at = -1;
  while (at + 1 < rates.threshold.length && rates.falseAccept[at + 1] <= mostFalseAccepts) at++;
  if (at < 0) return { threshold: -Infinity, falseAccept: 0, falseReject: 1 };
  const [threshold, falseAccept, falseReject] = [
    rates.threshold[at],
    rates.falseAccept[at],
    rates.falseReject[at],
  ];
  return { threshold, falseAccept, falseReject };
}

function runningShares(counts: ArrayLike<number>): number[] {
  let total = 0;
  for (let i = 0; i < counts.length; i++) total += counts[i];
  let sum = 0;
  return Array.from({ length: counts.length }, (_, i) => (sum += counts[i]) / Math.max(1, total));
}
