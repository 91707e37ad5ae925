/** Which servers' rates stand out, of an interval; a server with few requests says too little. */
import { mean, standardDeviation } from "simple-statistics";
import type { OutlierOptions } from "./outlier-options";

export interface AnswerCounts {
  good: number;
  all: number;
}

/** Success rates more than `successRateFactor` standard deviations under the mean. */
export function successRateOutliers(
  counts: readonly AnswerCounts[],
  options: OutlierOptions,
): number[] {
  const { successRateFactor, successRateRequests } = options;
  const judged = judgedOf(counts, successRateRequests, options);
  if (successRateFactor === 0 || judged.length === 0) return [];
  const rates = judged.map((server) => rateOf(counts[server]));
  const bound = mean(rates) - successRateFactor * standardDeviation(rates);
  return judged.filter((server) => rateOf(counts[server]) < bound);
}

/** Shares of failures of at least `failureShare`. */
export function failureShareOutliers(
  counts: readonly AnswerCounts[],
  options: OutlierOptions,
): number[] {
  const { failureShare, failureShareRequests } = options;
  if (failureShare === 0) return [];
  return judgedOf(counts, failureShareRequests, options).filter(
    (server) => 1 - rateOf(counts[server]) >= failureShare,
  );
}

/** Those with enough requests; none where too few of them have. */
function judgedOf(
  counts: readonly AnswerCounts[],
  requests: number,
  { minimumServers }: OutlierOptions,
): number[] {
  const judged = [...counts.keys()].filter((server) => counts[server].all >= Math.max(1, requests));
  return judged.length >= minimumServers ? judged : [];
}

function rateOf({ good, all }: AnswerCounts): number {
  return good / all;
}
