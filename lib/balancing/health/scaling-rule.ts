/**
 * How many servers a pool should have, by what one of them has to do: quick to grow, slow to
 * shrink, so that a short calm between two bursts takes nobody away.
 *
 * Source: Kubernetes, "Horizontal Pod Autoscaling", Algorithm details: ceil(servers x value /
 * target), nothing within the tolerance; of the wishes within a window the most careful one is
 * followed (to shrink the largest, to grow the smallest); grows by at most `growthShare` or
 * `growthServers` at a time, whichever is more. Ours has one metric and one such policy.
 * Assumes: `decide` is called at regular times; Kubernetes does so every 15 s.
 * Cost: O(1) a decision, one number for each within the longer window.
 */
import { inRange, wholeInRange, withDefaults } from "../../basics";

export interface ScalingRuleOptions {
  /** What a server should have of whatever is measured: busy share, or requests in flight. */
  readonly target: number;
  /** Default 1. */
  readonly minServers: number;
  /** Default 1,000. */
  readonly maxServers: number;
  /** No change while value / target is so near to 1; default 0.1. */
  readonly tolerance: number;
  /** Default 0. */
  readonly growWindowMs: number;
  /** Default 300,000. */
  readonly shrinkWindowMs: number;
  /** At most so much more at a time, as a share of what there is; default 1: twice as many. */
  readonly growthShare: number;
  /** Or so many more; default 4. */
  readonly growthServers: number;
}

const defaults: Omit<ScalingRuleOptions, "target"> = {
  minServers: 1,
  maxServers: 1_000,
  tolerance: 0.1,
  growWindowMs: 0,
  shrinkWindowMs: 300_000,
  growthShare: 1,
  growthServers: 4,
};

export class ScalingRule {
  readonly options: ScalingRuleOptions;
  private wishes: { readonly atMs: number; readonly servers: number }[] = [];

  /** Throws a RangeError for options that are wrong. */
  constructor(options: Partial<ScalingRuleOptions> & Pick<ScalingRuleOptions, "target">) {
    const { target, ...others } = options;
    this.options = { target, ...withDefaults("ScalingRule", defaults, others) };
    const { minServers, maxServers, tolerance } = this.options;
    const { growWindowMs, shrinkWindowMs, growthShare, growthServers } = this.options;
    inRange("target", target, { min: 1e-9, max: 1e9 });
    wholeInRange("minServers", minServers, { min: 1, max: 1e6 });
    wholeInRange("maxServers", maxServers, { min: minServers, max: 1e6 });
    inRange("tolerance", tolerance, { min: 0, max: 1 });
    inRange("growWindowMs", growWindowMs, { min: 0, max: 1e9 });
    inRange("shrinkWindowMs", shrinkWindowMs, { min: 0, max: 1e9 });
    inRange("growthShare", growthShare, { min: 0, max: 1_000 });
    wholeInRange("growthServers", growthServers, { min: 0, max: 1e6 });
  }

  /** `value`: what one server has now in the mean, in the unit of the target. How many to have. */
  decide(servers: number, value: number, nowMs: number): number {
    const { growWindowMs, shrinkWindowMs } = this.options;
    this.wishes.push({ atMs: nowMs, servers: this.wish(servers, value) });
    const since = nowMs - Math.max(growWindowMs, shrinkWindowMs);
    this.wishes = this.wishes.filter(({ atMs }) => atMs >= since);
    const within = (windowMs: number): number[] =>
      this.wishes.filter(({ atMs }) => atMs >= nowMs - windowMs).map((wish) => wish.servers);
    const least = Math.min(...within(growWindowMs));
    const most = Math.max(...within(shrinkWindowMs));
    if (least > servers) return this.bounded(Math.min(least, this.largestStep(servers)));
    return this.bounded(Math.min(servers, most));
  }

  private wish(servers: number, value: number): number {
    const { target, tolerance } = this.options;
    const ratio = value / target;
    // 0.3 / 0.1 is a little over 3, and would ask for one server too many.
    const wanted = Math.abs(ratio - 1) <= tolerance ? servers : Math.ceil(servers * ratio - 1e-9);
    return this.bounded(wanted);
  }

  private largestStep(servers: number): number {
    const { growthShare, growthServers } = this.options;
    return Math.max(Math.ceil(servers * (1 + growthShare)), servers + growthServers);
  }

  private bounded(servers: number): number {
    const { minServers, maxServers } = this.options;
    return Math.min(maxServers, Math.max(minServers, servers));
  }
}
