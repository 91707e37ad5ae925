/** The knobs of balancers, servers and clients, each with its unit, default and range. */
import { inRange, wholeInRange, withDefaults } from "../../basics";
import type { RetryBudgetOptions, ServerHealthOptions } from "../health";
import type { Server } from "../pool";
import type { PolicyName } from "../policies/policy-names";

export interface BalancerOptions {
  /** Default "power-of-choices". */
  readonly policy: PolicyName;
  /** Weights and regions of the peers, by id; one that is not named has weight 1. */
  readonly servers: readonly Server[];
  readonly health: Partial<ServerHealthOptions>;
  readonly budget: Partial<RetryBudgetOptions>;
  /** A server that has not answered a request by then has failed it; default 1,000. */
  readonly attemptMs: number;
  /** How often a request is sent at most, the first time included; default 3. */
  readonly maxAttempts: number;
  /** Between two steps of slow start; default 500. */
  readonly rampMs: number;
  /** Requests under way at a time; one more is refused; default 10,000. */
  readonly maxRequests: number;
}

export interface BalancedServerOptions {
  /** A request's service, exponential, in the mean; default 10. */
  readonly serviceMs: number;
  /** Requests that are served at a time; default 4. */
  readonly slots: number;
  /** Requests that wait; one more is refused; default 16. */
  readonly maxQueue: number;
  /** How many times longer it takes when it is slow; default 20. */
  readonly slowFactor: number;
}

export interface RequestClientOptions {
  /** How many requests; null: endless; default 100. */
  readonly requests: number | null;
  /** Between two of them, exponential, in the mean; default 20. */
  readonly everyMs: number;
  /** Without an answer for so long a request is given up; over attemptMs x maxAttempts; 5,000. */
  readonly answerMs: number;
  /** Every so many-th request must not be done twice; 0: none; default 0. */
  readonly onceEvery: number;
  /** Keys are drawn from so many; default 100. */
  readonly keys: number;
  /** Where it stands; default "". */
  readonly region: string;
}

const balancerDefaults: BalancerOptions = {
  ...{ policy: "power-of-choices", servers: [], health: {}, budget: {} },
  ...{ attemptMs: 1_000, maxAttempts: 3, rampMs: 500, maxRequests: 10_000 },
};

const clientDefaults: Omit<RequestClientOptions, "requests"> = {
  ...{ everyMs: 20, answerMs: 5_000, onceEvery: 0, keys: 100, region: "" },
};

export function balancerOptions(given: Partial<BalancerOptions>): BalancerOptions {
  const options = withDefaults("a balancer", balancerDefaults, given);
  inRange("attemptMs", options.attemptMs, { min: 1, max: 1e9 });
  wholeInRange("maxAttempts", options.maxAttempts, { min: 1, max: 100 });
  inRange("rampMs", options.rampMs, { min: 1, max: 1e9 });
  wholeInRange("maxRequests", options.maxRequests, { min: 1, max: 1e6 });
  return options;
}

export function serverOptions(given: Partial<BalancedServerOptions>): BalancedServerOptions {
  const defaults = { serviceMs: 10, slots: 4, maxQueue: 16, slowFactor: 20 };
  const options = withDefaults<BalancedServerOptions>("a balanced server", defaults, given);
  inRange("serviceMs", options.serviceMs, { min: 1e-3, max: 1e9 });
  wholeInRange("slots", options.slots, { min: 1, max: 1e6 });
  wholeInRange("maxQueue", options.maxQueue, { min: 0, max: 1e6 });
  inRange("slowFactor", options.slowFactor, { min: 1, max: 1e6 });
  return options;
}

export function clientOptions(given: Partial<RequestClientOptions>): RequestClientOptions {
  const { requests = 100, ...others } = given;
  const options = { requests, ...withDefaults("a request client", clientDefaults, others) };
  const { everyMs, answerMs, onceEvery, keys } = options;
  if (requests !== null) wholeInRange("requests", requests, { min: 0, max: 1e9 });
  inRange("everyMs", everyMs, { min: 1e-3, max: 1e9 });
  inRange("answerMs", answerMs, { min: 1, max: 1e9 });
  wholeInRange("onceEvery", onceEvery, { min: 0, max: 1e9 });
  wholeInRange("keys", keys, { min: 1, max: 1e9 });
  return options;
}
