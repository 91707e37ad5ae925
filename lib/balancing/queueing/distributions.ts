/** When requests arrive and how much work they bring: the two sides of a queue. */
import { inRange, onlyKnown } from "../../basics";
import type { Random } from "../../basics";

/** The ms from one arrival to the next; `nowMs` is that of the one before. */
export type Arrivals = (random: Random, nowMs: number) => number;

/** The ms of work of a request, for a server of speed 1. */
export type Work = (random: Random) => number;

/** Independent of each other: `rate` requests a second. */
export function poisson(rate: number): Arrivals {
  const meanMs = 1_000 / inRange("rate", rate, { min: 1e-9, max: 1e9 });
  return (random) => random.exponential(meanMs);
}

/**
 * As many a second as the clock says, over 0 and at most `most`. An arrival at the highest rate is
 * kept with the share that the rate has of it then (Lewis and Shedler, 1979).
 */
export function timetable(rateAt: (ms: number) => number, most: number): Arrivals {
  const meanMs = 1_000 / inRange("most", most, { min: 1e-9, max: 1e9 });
  return (random, nowMs) => {
    let at = nowMs;
    do at += random.exponential(meanMs);
    while (!random.chance(rateAt(at) / most));
    return at - nowMs;
  };
}

/**
 * Calm and bursts in turn, each for an exponential time: arrivals that come together, as a Markov
 * modulated Poisson process of two states has them.
 */
export function bursts(options: {
  /** Requests a second in calm times, and in bursts. */
  readonly calmRate: number;
  readonly burstRate: number;
  /** How long each lasts in the mean. */
  readonly calmMs: number;
  readonly burstMs: number;
}): Arrivals {
  const { calmRate, burstRate, calmMs, burstMs } = options;
  onlyKnown("bursts", options, ["calmRate", "burstRate", "calmMs", "burstMs"]);
  inRange("calmRate", calmRate, { min: 1e-9, max: 1e9 });
  inRange("burstRate", burstRate, { min: 1e-9, max: 1e9 });
  let isBurst = false;
  let endMs = 0;
  return (random, nowMs) => {
    let at = nowMs;
    for (;;) {
      if (at >= endMs) {
        isBurst = !isBurst;
        endMs = at + random.exponential(isBurst ? burstMs : calmMs);
      }
      const gap = random.exponential(1_000 / (isBurst ? burstRate : calmRate));
      if (at + gap <= endMs) return at + gap - nowMs;
      // Without memory: what was drawn for the old rate says nothing of the new one.
      at = endMs;
    }
  };
}

/** Exponential: as variable as its mean. */
export function exponentialWork(meanMs: number): Work {
  inRange("meanMs", meanMs, { min: 1e-9, max: 1e9 });
  return (random) => random.exponential(meanMs);
}

/** Always the same. */
export function fixedWork(ms: number): Work {
  inRange("ms", ms, { min: 1e-9, max: 1e9 });
  return () => ms;
}

/** Log-normal of that mean; `sigma` of its logarithm, 0 to 5: long tails from about 1 on. */
export function logNormalWork(meanMs: number, sigma: number): Work {
  inRange("meanMs", meanMs, { min: 1e-9, max: 1e9 });
  inRange("sigma", sigma, { min: 0, max: 5 });
  const median = meanMs / Math.exp(sigma ** 2 / 2);
  return (random) => random.logNormal(median, sigma);
}

/** Mostly `usualMs`, and with a share of `rare` (0 to 1) `rareMs`. */
export function twoKindsOfWork(usualMs: number, rareMs: number, rare: number): Work {
  inRange("rare", rare, { min: 0, max: 1 });
  return (random) => (random.chance(rare) ? rareMs : usualMs);
}
