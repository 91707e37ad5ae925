/** The same day under every policy: tails, fairness, errors, and what it costs to be quick. */
import { inRange } from "../../basics";
import { balancerNames } from "./balancers";
import type { BalancerName } from "./balancers";
import { defaults, simulateDay } from "./simulate-day";
import type { JioOptions } from "./simulate-day";

export interface ComparedPolicy {
  readonly policy: BalancerName;
  readonly meanMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
  /** Jain's index over servers of how busy they were: 1 when all equally. */
  readonly fairness: number;
  /** Parts of all requests, 0 to 1. */
  readonly failedShare: number;
  readonly lateShare: number;
  /** Part of the requests that the nearest centre did not get. */
  readonly awayShare: number;
  /** The fewest servers, times 24, with which 99 of 100 keep to `targetMs`; Infinity for none. */
  readonly serverHours: number;
}

export interface ComparedOptions extends Omit<JioOptions, "policy"> {
  /** Default: all. */
  readonly policies: readonly BalancerName[];
  /** What 99 of 100 requests should keep to for `serverHours`; default 400 ms. */
  readonly targetMs: number;
  /** The most servers that are tried for it; default 64. */
  readonly mostServers: number;
}

/** Told after every day that was simulated; how many there will be is not known before. */
type Progress = (done: number, total: number) => void;

/** A row a policy. Throws a RangeError for options that are wrong. */
export function compareBalancing(
  options: Partial<ComparedOptions> = {},
  onProgress?: Progress,
): ComparedPolicy[] {
  const { policies = balancerNames, targetMs = 400, mostServers = 64, ...day } = options;
  inRange("targetMs", targetMs, { min: 1, max: 1e9 });
  return policies.map((policy, at) => {
    const { total, fairness } = simulateDay({ ...day, policy });
    const servers = fewestServers({ ...day, policy }, targetMs, mostServers);
    onProgress?.(at + 1, policies.length);
    const { meanMs, p50Ms, p99Ms, p999Ms, failedShare, lateShare, awayShare } = total;
    const times = { meanMs, p50Ms, p99Ms, p999Ms };
    const errors = { failedShare, lateShare, awayShare };
    return { policy, ...times, fairness, ...errors, serverHours: 24 * servers };
  });
}

/**
 * By halving: with more servers the 99th percentile falls, but for the noise of one day. Days of
 * a quarter of the length are enough for it.
 */
function fewestServers(day: Partial<JioOptions>, targetMs: number, most: number): number {
  const hourSeconds = Math.max(0.1, (day.hourSeconds ?? defaults.hourSeconds) / 4);
  const isEnough = (servers: number): boolean =>
    simulateDay({ ...day, servers, hourSeconds }).total.p99Ms <= targetMs;
  if (!isEnough(most)) return Infinity;
  const { peakRate, serviceMs, slots } = { ...defaults, ...day };
  // With fewer they could not do the work of the peak, even if all were new.
  let [least, enough] = [Math.ceil((peakRate * serviceMs) / 1_000 / slots), most];
  while (least < enough) {
    const middle = (least + enough) >> 1;
    if (isEnough(middle)) enough = middle;
    else least = middle + 1;
  }
  return enough;
}
