/**
 * Active health checks: who was asked how it is so many times in a row without a good answer is
 * down, and so many good answers in a row bring it up again.
 *
 * Source: HAProxy's `rise` and `fall`, nginx's `passes` and `fails`, Envoy's healthy_threshold and
 * unhealthy_threshold: three names for the same two counters. As in Envoy, the first answer of a
 * server that was never asked counts at once, so that a start does not take `rise` intervals.
 * Assumes: the caller asks every `intervalMs` and says "failed" when `timeoutMs` have passed.
 * Guarantees: a server that has died is down after at most fall x intervalMs + timeoutMs.
 * Cost: two numbers a server.
 */
import { inRange, wholeInRange, withDefaults } from "../../basics";

export interface ActiveHealthOptions {
  /** Between two checks of a server; default 2,000, as HAProxy. */
  readonly intervalMs: number;
  /** No answer for so long is a bad one; at most the interval; default 1,000. */
  readonly timeoutMs: number;
  /** Good answers in a row until it is up again; default 2. */
  readonly rise: number;
  /** Bad ones in a row until it is down; default 3. */
  readonly fall: number;
}

const defaults: ActiveHealthOptions = { intervalMs: 2_000, timeoutMs: 1_000, rise: 2, fall: 3 };

export class ActiveHealth {
  readonly options: ActiveHealthOptions;
  private readonly isDown: boolean[] = [];
  /** By server: answers in a row that speak against its present state. */
  private readonly against: number[] = [];

  /** Throws a RangeError for options that are wrong. */
  constructor(options: Partial<ActiveHealthOptions> = {}) {
    this.options = withDefaults("ActiveHealth", defaults, options);
    const { intervalMs, timeoutMs, rise, fall } = this.options;
    inRange("intervalMs", intervalMs, { min: 1, max: 1e9 });
    inRange("timeoutMs", timeoutMs, { min: 1, max: intervalMs });
    wholeInRange("rise", rise, { min: 1, max: 1_000 });
    wholeInRange("fall", fall, { min: 1, max: 1_000 });
  }

  /** A server that was never checked counts as up. */
  isUp(server: number): boolean {
    return this.isDown[server] !== true;
  }

  /** The outcome of one check, and what it changes: "up", "down" or, mostly, nothing. */
  checked(server: number, outcome: "ok" | "failed"): "up" | "down" | undefined {
    const isFirst = this.against[server] === undefined;
    if ((outcome === "ok") === this.isUp(server)) {
      this.against[server] = 0;
      return undefined;
    }
    const count = (this.against[server] ?? 0) + 1;
    this.against[server] = count;
    const needed = this.isUp(server) ? this.options.fall : this.options.rise;
    if (!isFirst && count < needed) return undefined;
    this.against[server] = 0;
    this.isDown[server] = outcome === "failed";
    return outcome === "ok" ? "up" : "down";
  }
}
