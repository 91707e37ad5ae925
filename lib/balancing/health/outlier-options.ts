import { inRange, wholeInRange, withDefaults } from "../../basics";

/** Defaults are Envoy's, but for `isOneAllowed`. */
export interface OutlierOptions {
  /** Failures of any kind in a row that eject; 0: never; default 5. */
  readonly consecutiveErrors: number;
  /** Gateway errors in a row that eject; 0, the default: never. */
  readonly consecutiveGateways: number;
  /** Between two looks at rates and at who may return; default 10,000. */
  readonly intervalMs: number;
  /** The first ejection lasts so long, the second twice that, and so on; default 30,000. */
  readonly baseEjectionMs: number;
  /** The longest; default 300,000. */
  readonly maxEjectionMs: number;
  /** The share of all servers that may be ejected at a time, 0 to 1; default 0.1. */
  readonly maxEjectedShare: number;
  /** Whether one may be ejected of a pool that is too small for the share; default true. */
  readonly isOneAllowed: boolean;
  /** Standard deviations under the mean at which a success rate ejects; 0: never; default 1.9. */
  readonly successRateFactor: number;
  /** Requests in the interval that make a server's success rate count; default 100. */
  readonly successRateRequests: number;
  /** The share of failures that ejects, over 0 to 1, in Envoy 0.85; 0, the default: never. */
  readonly failureShare: number;
  /** Requests in the interval that make a server's failure share count; default 50. */
  readonly failureShareRequests: number;
  /** Servers with enough requests for either rate to be judged; default 5. */
  readonly minimumServers: number;
}

const defaults: OutlierOptions = {
  consecutiveErrors: 5,
  consecutiveGateways: 0,
  intervalMs: 10_000,
  baseEjectionMs: 30_000,
  maxEjectionMs: 300_000,
  maxEjectedShare: 0.1,
  isOneAllowed: true,
  successRateFactor: 1.9,
  successRateRequests: 100,
  failureShare: 0,
  failureShareRequests: 50,
  minimumServers: 5,
};

const ranges: readonly [keyof OutlierOptions, number, number][] = [
  ["intervalMs", 1, 1e9],
  ["baseEjectionMs", 1, 1e9],
  ["maxEjectionMs", 1, 1e9],
  ["maxEjectedShare", 0, 1],
  ["successRateFactor", 0, 100],
  ["failureShare", 0, 1],
];
const wholes: readonly (keyof OutlierOptions)[] = [
  ...(["consecutiveErrors", "consecutiveGateways", "successRateRequests"] as const),
  ...(["failureShareRequests", "minimumServers"] as const),
];

/** With the defaults; throws a RangeError that names the option which is wrong. */
export function outlierOptions(given: Partial<OutlierOptions>): OutlierOptions {
  const options = withDefaults("OutlierDetection", defaults, given);
  for (const [name, min, max] of ranges) inRange(name, options[name] as number, { min, max });
  for (const name of wholes) wholeInRange(name, options[name] as number, { min: 0, max: 1e9 });
  return options;
}
