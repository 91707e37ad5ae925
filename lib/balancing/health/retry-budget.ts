/**
 * A budget of retries: a share of the requests of late may be sent again, and a few a second in any
 * case, so that retries help when one server fails and do not multiply the load when all do.
 *
 * Source: Finagle, RetryBudget.scala (a leaky token bucket: each request deposits, each retry
 * withdraws, and what is older than `ttlMs` is forgotten, in ten slots). Envoy's retry_budget has
 * the same two numbers, over the requests in flight instead of a window.
 * Guarantees: with every retry, those of the last 0.9 x ttlMs are at most share x the requests of
 * the last ttlMs + minPerSecond x ttl.
 * Cost: O(1) a request, 20 numbers.
 */
import { inRange, withDefaults } from "../../basics";

export interface RetryBudgetOptions {
  /** Retries for each request, from 0 to 1,000; default 0.2. */
  readonly share: number;
  /** Retries a second that are allowed without any request; default 10. */
  readonly minPerSecond: number;
  /** How long a request counts; from 1,000 to 60,000; default 10,000. */
  readonly ttlMs: number;
}

const defaults: RetryBudgetOptions = { share: 0.2, minPerSecond: 10, ttlMs: 10_000 };
const slots = 10;

export class RetryBudget {
  readonly options: RetryBudgetOptions;
  /** By slot of time: what was deposited less what was withdrawn, in retries. */
  private readonly balances: number[] = Array<number>(slots).fill(0);
  private slot = 0;

  /** Throws a RangeError for options that are wrong. */
  constructor(options: Partial<RetryBudgetOptions> = {}) {
    this.options = withDefaults("RetryBudget", defaults, options);
    inRange("share", this.options.share, { min: 0, max: 1_000 });
    inRange("minPerSecond", this.options.minPerSecond, { min: 0, max: 1e6 });
    inRange("ttlMs", this.options.ttlMs, { min: 1_000, max: 60_000 });
  }

  /** A request was sent for the first time. */
  request(nowMs: number): void {
    this.moveTo(nowMs);
    this.balances[this.slot % slots] += this.options.share;
  }

  /** Retries that may be sent now. */
  available(nowMs: number): number {
    this.moveTo(nowMs);
    const { minPerSecond, ttlMs } = this.options;
    const balance = this.balances.reduce((sum, value) => sum + value, 0);
    // Shares such as 0.2 do not add up exactly: five requests are one retry.
    return Math.max(0, Math.floor(balance + (minPerSecond * ttlMs) / 1_000 + 1e-6));
  }

  /** Takes one retry out of the budget, if it has one: "retry", or "exhausted". */
  take(nowMs: number): "retry" | "exhausted" {
    if (this.available(nowMs) < 1) return "exhausted";
    this.balances[this.slot % slots] -= 1;
    return "retry";
  }

  private moveTo(nowMs: number): void {
    const slot = Math.floor((nowMs * slots) / this.options.ttlMs);
    if (slot <= this.slot) return;
    const first = Math.max(this.slot + 1, slot - slots + 1);
    for (let each = first; each <= slot; each++) this.balances[each % slots] = 0;
    this.slot = slot;
  }
}
