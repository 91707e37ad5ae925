/**
 * Turns by weight, spread evenly: of weights 5, 1, 1 the order is a a b a c a a, not a a a a a b c.
 *
 * Source: nginx, "smooth weighted round-robin balancing" (I. Sysoev's commit of 2012,
 * ngx_http_upstream_round_robin.c): each server's credit grows by its weight, the richest is picked
 * and pays the sum of all weights. Ours works out the order once while it is short, because it
 * repeats itself after the sum of the weights in units of their greatest common divisor.
 * Guarantees: over one period exactly as many picks as the weight says; of equals the first.
 * Cost: O(1) a pick from the order; O(servers) where the period is longer than `longestPeriod`.
 */
import type { Policy } from "../policy";
import type { Pool } from "../pool";

const longestPeriod = 65_536;

export class SmoothWeighted implements Policy {
  private version = -1;
  private credits = new Float64Array(0);
  private total = 0;
  /** The order of one period; empty where that is too long. */
  private order = new Int32Array(0);
  private at = 0;

  constructor(readonly pool: Pool) {}

  pick(): number {
    if (this.version !== this.pool.version) this.restart();
    const { order } = this;
    if (order.length === 0) return this.step();
    const server = order[this.at];
    this.at = this.at + 1 === order.length ? 0 : this.at + 1;
    return server;
  }

  private restart(): void {
    const { open, weights, size, version } = this.pool;
    this.version = version;
    this.credits = new Float64Array(size);
    this.total = open.reduce((sum, server) => sum + weights[server], 0);
    this.at = 0;
    this.order = new Int32Array(0);
    const period = periodOf(Array.from(open, (server) => weights[server]));
    if (period > longestPeriod) return;
    this.order = Int32Array.from({ length: period }, () => this.step());
  }

  /** The richest after all have got their weight; -1 when no server is open. */
  private step(): number {
    const { credits } = this;
    const { open, weights } = this.pool;
    let richest = -1;
    for (const server of open) {
      credits[server] += weights[server];
      if (richest < 0 || credits[server] > credits[richest]) richest = server;
    }
    if (richest >= 0) credits[richest] -= this.total;
    return richest;
  }
}

/** How many picks until the order repeats itself: Infinity for weights that are not whole. */
function periodOf(weights: readonly number[]): number {
  if (!weights.every(Number.isInteger)) return Infinity;
  const divisor = weights.reduce(greatestCommonDivisor, 0);
  return weights.reduce((sum, weight) => sum + weight / divisor, 0);
}

function greatestCommonDivisor(left: number, right: number): number {
  return right === 0 ? left : greatestCommonDivisor(right, left % right);
}
