/** Who asks for what and when: requests by Poisson's law over keys by Zipf's, with a spike. */
import { Random, inRange, wholeInRange } from "../../../basics";
import { zipfTrace } from "../../traces";
import type { CacheOperation } from "../messages";

/** From `fromMs` on, until before `untilMs`. */
export interface Period {
  readonly fromMs: number;
  readonly untilMs: number;
}

export interface WorkloadOptions {
  /** Any whole number; default 1. */
  readonly seed?: number;
  /** Requests a second, of all clients together; default 1,000. */
  readonly ratePerSecond?: number;
  /** How long they come, in ms; default 10,000. */
  readonly forMs?: number;
  /** Keys, "k0" and so on; default 10,000. */
  readonly keys?: number;
  /** Of Zipf's law; default 0.99. */
  readonly exponent?: number;
  /** Share of the requests that are writes, 0 to 1; default 0. */
  readonly writesShare?: number;
  /** Share of the reads that ask for a key that there is not; default 0. */
  readonly absentShare?: number;
  /** Then so many times as many requests; default none. */
  readonly spike?: Period & { readonly factor: number };
  /** Then this share of the reads is for the key "deal"; default none. */
  readonly deal?: Period & { readonly share: number };
}

export interface Arrival {
  readonly atMs: number;
  readonly operation: CacheOperation;
}

/** Throws a RangeError that names the option that is wrong. */
export function arrivalsOf(options: WorkloadOptions): Arrival[] {
  const { seed = 1, keys = 10_000, exponent = 0.99 } = options;
  const { writesShare = 0, absentShare = 0, deal } = options;
  inRange("writesShare", writesShare, { min: 0, max: 1 });
  inRange("absentShare", absentShare, { min: 0, max: 1 });
  if (deal !== undefined) inRange("deal.share", deal.share, { min: 0, max: 1 });
  const times = timesOf(options, new Random(seed, 70));
  if (times.length === 0) return [];
  const trace = zipfTrace({ keys, requests: times.length, exponent, seed });
  const random = new Random(seed, 71);
  return times.map((atMs, index): Arrival => {
    const key = `k${trace[index]}`;
    if (random.chance(writesShare)) {
      return { atMs, operation: { op: "write", key, value: `write ${index}` } };
    }
    const isDeal = deal !== undefined && isWithin(deal, atMs) && random.chance(deal.share);
    if (isDeal) return { atMs, operation: { op: "read", key: "deal" } };
    const isAbsent = random.chance(absentShare);
    return { atMs, operation: { op: "read", key: isAbsent ? `absent-${key}` : key } };
  });
}

function isWithin({ fromMs, untilMs }: Period, atMs: number): boolean {
  return fromMs <= atMs && atMs < untilMs;
}

/** By thinning: drawn as often as ever needed, and kept as often as needed now. */
function timesOf(options: WorkloadOptions, random: Random): number[] {
  const { ratePerSecond = 1_000, forMs = 10_000, spike } = options;
  inRange("ratePerSecond", ratePerSecond, { min: 0.001, max: 10_000_000 });
  wholeInRange("forMs", forMs, { min: 1, max: 86_400_000 });
  const factor = inRange("spike.factor", spike?.factor ?? 1, { min: 0, max: 1_000_000 });
  const highest = Math.max(1, factor);
  const meanGapMs = 1_000 / (ratePerSecond * highest);
  const times: number[] = [];
  for (let atMs = random.exponential(meanGapMs); atMs < forMs;) {
    const now = spike !== undefined && isWithin(spike, atMs) ? factor : 1;
    if (random.chance(now / highest)) times.push(atMs);
    atMs += random.exponential(meanGapMs);
  }
  return times;
}
