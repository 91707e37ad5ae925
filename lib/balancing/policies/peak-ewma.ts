/**
 * The server that is expected to answer first: its mean latency, quick to rise and slow to fall,
 * times the requests that it would then have in flight.
 *
 * Source: Twitter's Finagle, "Peak EWMA" (PeakEwma.scala, 2015; also in Linkerd): a latency over
 * the mean replaces it at once, one below it moves it by 1 - exp(-time since the last / decay), and
 * the mean itself fades as time passes. As there, two servers by chance are compared; ours can also
 * compare all. A server that has never answered costs its requests in flight times a penalty.
 * Cost: O(1) a pick with two choices, O(servers) with all; 16 bytes a server.
 */
import { inRange, oneOf, Random, withDefaults } from "../../basics";
import type { BalancedRequest, Policy } from "../policy";
import type { Pool } from "../pool";
import { TwoByChance } from "./two-by-chance";

export interface PeakEwmaOptions {
  /** After so many ms without an answer the mean counts 1/e; default 10,000. */
  readonly decayMs: number;
  /** Of two servers by chance, or of all; default "two". */
  readonly among: "two" | "all";
  /** Default 1. */
  readonly seed: number;
}

const defaults: PeakEwmaOptions = { decayMs: 10_000, among: "two", seed: 1 };

/** What a server that has never answered is taken to cost with requests in flight, in ms. */
const penaltyMs = 60_000;

export class PeakEwma implements Policy {
  private readonly options: PeakEwmaOptions;
  private readonly two: TwoByChance;
  private means: number[] = [];
  private stamps: number[] = [];

  constructor(
    readonly pool: Pool,
    options: Partial<PeakEwmaOptions> = {},
  ) {
    this.options = withDefaults("PeakEwma", defaults, options);
    oneOf("among", this.options.among, ["two", "all"]);
    inRange("decayMs", this.options.decayMs, { min: 1, max: 1e9 });
    this.two = new TwoByChance(new Random(this.options.seed));
  }

  pick({ nowMs = 0 }: BalancedRequest = {}): number {
    const { open } = this.pool;
    const count = open.length;
    if (count <= 1) return count === 0 ? -1 : open[0];
    if (this.options.among === "all") return this.cheapest(nowMs);
    const { two } = this;
    two.draw(this.pool);
    const isSecond = this.cost(two.second, nowMs) < this.cost(two.first, nowMs);
    return isSecond ? two.second : two.first;
  }

  answered(server: number, latencyMs: number, nowMs: number): void {
    const mean = this.means[server] ?? 0;
    const kept = Math.exp(-(nowMs - (this.stamps[server] ?? nowMs)) / this.options.decayMs);
    this.means[server] = latencyMs > mean ? latencyMs : mean * kept + latencyMs * (1 - kept);
    this.stamps[server] = nowMs;
  }

  private cheapest(nowMs: number): number {
    const { open } = this.pool;
    let best = open[0];
    let least = Infinity;
    for (const server of open) {
      const cost = this.cost(server, nowMs);
      if (cost >= least) continue;
      least = cost;
      best = server;
    }
    return best;
  }

  private cost(server: number, nowMs: number): number {
    const { inFlight, weights } = this.pool;
    const mean = this.means[server];
    if (mean === undefined) return inFlight[server] * penaltyMs;
    const faded = mean * Math.exp(-(nowMs - this.stamps[server]) / this.options.decayMs);
    return (faded * (inFlight[server] + 1)) / weights[server];
  }
}
