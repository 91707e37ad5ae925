/**
 * Prequal: servers are asked now and then for their requests in flight and the latency that they
 * expect; a request goes to the fastest that is not hot, and if all are hot, to the coolest.
 *
 * Source: B. Wydrowski, R. Kleinberg, S. Rumble, A. Archer, "Load is not what you should balance:
 * Introducing Prequal", NSDI 2024, section 4: a pool of 16 probes, each used a few times and then
 * dropped; hot is an answer over a quantile of the requests in flight seen of late; with every
 * request the oldest or the worst probe goes too. Ours takes the quantile of the last 128 answers.
 * The decision is here; asking is the caller's: `targets` says whom, `learn` takes the answers.
 * Cost: O(size of the pool of probes) a pick, whatever the number of servers.
 */
import { inRange, Random, wholeInRange, withDefaults } from "../../basics";
import type { BalancedRequest, Policy, ProbeAnswer } from "../policy";
import type { Pool } from "../pool";
import { HotMark } from "./hot-mark";

export interface PrequalOptions {
  /** Probes that are kept; default 16. */
  readonly poolSize: number;
  /** Probes a request; default 3. May be a fraction. */
  readonly probesPerRequest: number;
  /** Probes dropped a request, besides those used up; default 1. */
  readonly droppedPerRequest: number;
  /** Which quantile of the requests in flight is hot, 0 to 1; default 0.84. */
  readonly hotQuantile: number;
  /** A probe that is older is not used; default 1,000. */
  readonly longestAgeMs: number;
  /** How fast the pool would grow with no drops, over 0: the paper's delta; default 1. */
  readonly netGain: number;
  /** Default 1. */
  readonly seed: number;
}

const defaults: PrequalOptions = {
  poolSize: 16,
  probesPerRequest: 3,
  droppedPerRequest: 1,
  hotQuantile: 0.84,
  longestAgeMs: 1_000,
  netGain: 1,
  seed: 1,
};

interface Probe {
  server: number;
  /** As answered, and one more for each request that was sent there since. */
  inFlight: number;
  latencyMs: number;
  takenMs: number;
  uses: number;
}

export class Prequal implements Policy {
  readonly options: PrequalOptions;
  private readonly random: Random;
  private probes: Probe[] = [];
  private readonly hot: HotMark;
  private isOldestNext = true;

  /** Throws a RangeError for options that are wrong. */
  constructor(
    readonly pool: Pool,
    options: Partial<PrequalOptions> = {},
  ) {
    this.options = withDefaults("Prequal", defaults, options);
    wholeInRange("poolSize", this.options.poolSize, { min: 2, max: 1_000 });
    inRange("probesPerRequest", this.options.probesPerRequest, { min: 0, max: 100 });
    inRange("droppedPerRequest", this.options.droppedPerRequest, { min: 0, max: 100 });
    inRange("hotQuantile", this.options.hotQuantile, { min: 0, max: 1 });
    inRange("longestAgeMs", this.options.longestAgeMs, { min: 1, max: 1e9 });
    inRange("netGain", this.options.netGain, { min: 1e-6, max: 1_000 });
    this.hot = new HotMark(this.options.hotQuantile);
    this.random = new Random(this.options.seed);
  }

  /** Probes that are ready to be used. */
  get ready(): number {
    return this.probes.length;
  }

  /** Whom to probe after a request: different open servers by chance. */
  targets(): number[] {
    const { open } = this.pool;
    const { probesPerRequest } = this.options;
    const whole = Math.floor(probesPerRequest);
    const count = whole + (this.random.chance(probesPerRequest - whole) ? 1 : 0);
    const found = new Set<number>();
    while (found.size < Math.min(count, open.length)) {
      found.add(open[this.random.below(open.length)]);
    }
    return [...found];
  }

  /** The answer of a probe takes the place of the oldest where the pool of probes is full. */
  learn({ server, inFlight, latencyMs }: ProbeAnswer, nowMs: number): void {
    this.hot.add(inFlight);
    this.probes.push({ server, inFlight, latencyMs, takenMs: nowMs, uses: this.usesOfAProbe() });
    if (this.probes.length > this.options.poolSize) this.probes.shift();
  }

  /** With fewer than two probes at hand, any open server by chance. */
  pick({ nowMs = 0 }: BalancedRequest = {}): number {
    const { open } = this.pool;
    if (open.length === 0) return -1;
    const first = nowMs - this.options.longestAgeMs;
    this.probes = this.probes.filter(
      ({ server, takenMs }) => takenMs >= first && this.pool.isOpen(server),
    );
    if (this.probes.length < 2) return open[this.random.below(open.length)];
    const best = this.best();
    best.inFlight++;
    if (--best.uses <= 0) this.drop(best);
    this.dropSome();
    return best.server;
  }

  /** How often a probe may be used so that the pool neither empties nor grows stale. */
  private usesOfAProbe(): number {
    const { poolSize, probesPerRequest, droppedPerRequest, netGain } = this.options;
    const fresh = (1 - poolSize / this.pool.open.length) * probesPerRequest - droppedPerRequest;
    const mean = fresh <= 0 ? poolSize : Math.max(1, (1 + netGain) / fresh);
    const whole = Math.floor(mean);
    return whole + (this.random.chance(mean - whole) ? 1 : 0);
  }

  private best(): Probe {
    const hot = this.hot.value;
    return this.probes.reduce((best, probe) => (isBetter(probe, best, hot) ? probe : best));
  }

  private dropSome(): void {
    const { droppedPerRequest } = this.options;
    const whole = Math.floor(droppedPerRequest);
    const count = whole + (this.random.chance(droppedPerRequest - whole) ? 1 : 0);
    for (let i = 0; i < count && this.probes.length > 0; i++) {
      this.drop(this.isOldestNext ? this.probes[0] : this.worst());
      this.isOldestNext = !this.isOldestNext;
    }
  }

  private worst(): Probe {
    const hot = this.hot.value;
    return this.probes.reduce((worst, probe) => (isBetter(worst, probe, hot) ? probe : worst));
  }

  private drop(probe: Probe): void {
    this.probes = this.probes.filter((other) => other !== probe);
  }
}

/** Cold before hot; of the cold the fastest, of the hot the one with the fewest in flight. */
function isBetter(probe: Probe, other: Probe, hot: number): boolean {
  const [isHot, isOtherHot] = [probe.inFlight >= hot, other.inFlight >= hot];
  if (isHot !== isOtherHot) return isOtherHot;
  return isHot ? probe.inFlight < other.inFlight : probe.latencyMs < other.latencyMs;
}
