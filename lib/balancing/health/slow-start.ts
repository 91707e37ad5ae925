/**
 * Slow start: a server that is new or has come back gets few requests at first, and its whole share
 * after a window, so that empty caches and cold code are not met by full load.
 *
 * Source: Envoy, "Slow start mode": weight x max(minimum, (time / window) ^ (1 / aggression)). With
 * aggression 1 the ramp is straight; over 1 it is steep at first, under 1 slow.
 * Assumes: a policy that heeds weights: RoundRobin, JoinIdleQueue and Prequal do not.
 * Cost: a new weight makes policies work out again what they had worked out: ask for it in steps.
 */
import { inRange, withDefaults } from "../../basics";
import type { Pool } from "../pool";

export interface SlowStartOptions {
  /** How long the ramp is; 0: none; default 10,000. */
  readonly windowMs: number;
  /** From 0.01 to 100; default 1. */
  readonly aggression: number;
  /** The share of its weight that it has at least, over 0 to 1; default 0.1. */
  readonly minShare: number;
}

const defaults: SlowStartOptions = { windowMs: 10_000, aggression: 1, minShare: 0.1 };

export class SlowStart {
  readonly options: SlowStartOptions;
  /** By server that is on its ramp: since when, and its whole weight. */
  private readonly ramps = new Map<number, { readonly sinceMs: number; readonly weight: number }>();

  /** Throws a RangeError for options that are wrong. */
  constructor(options: Partial<SlowStartOptions> = {}) {
    this.options = withDefaults("SlowStart", defaults, options);
    inRange("windowMs", this.options.windowMs, { min: 0, max: 1e9 });
    inRange("aggression", this.options.aggression, { min: 0.01, max: 100 });
    inRange("minShare", this.options.minShare, { min: 1e-3, max: 1 });
  }

  /** The share of its weight that a server has so long after its start: up to 1. */
  shareAfter(ms: number): number {
    const { windowMs, aggression, minShare } = this.options;
    if (ms >= windowMs) return 1;
    return Math.max(minShare, (Math.max(0, ms) / windowMs) ** (1 / aggression));
  }

  /** That server begins now; one that is still on its ramp begins again. */
  start(pool: Pool, server: number, nowMs: number): void {
    const weight = this.ramps.get(server)?.weight ?? pool.weights[server];
    this.ramps.set(server, { sinceMs: nowMs, weight });
    this.update(pool, nowMs);
  }

  /** Sets the weights that those on their ramps have now. Returns how many of them are left. */
  update(pool: Pool, nowMs: number): number {
    for (const [server, { sinceMs, weight }] of this.ramps) {
      const share = this.shareAfter(nowMs - sinceMs);
      pool.setWeight(server, Math.max(1e-6, weight * share));
      if (share === 1) this.ramps.delete(server);
    }
    return this.ramps.size;
  }
}
