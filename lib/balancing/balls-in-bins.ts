/**
 * Balls into bins: each ball looks at a few bins by chance and falls into the emptiest of them. The
 * reason why two choices are so much better than one, without any time or queue.
 *
 * Source: Y. Azar, A. Broder, A. Karlin, E. Upfal, "Balanced allocations", SIAM J. Computing 29(1),
 * 1999: n balls in n bins leave a fullest one of about ln n / ln ln n with one choice, and of
 * ln ln n / ln d with d of them. Ours draws with replacement, as there; of equals the first drawn.
 * Cost: O(balls x choices), 4 bytes a bin.
 */
import { onlyKnown, Random, wholeInRange } from "../basics";

export interface BallsInBinsOptions {
  readonly bins: number;
  /** Default: as many as bins. */
  readonly balls?: number;
  /** Bins that a ball looks at; default 2. */
  readonly choices?: number;
  /** Default 1. */
  readonly seed?: number;
}

/** How many bins have so many balls, from 0 on: the last place is the fullest bin's. */
export function ballsInBins(options: BallsInBinsOptions): number[] {
  onlyKnown("ballsInBins", options, ["bins", "balls", "choices", "seed"]);
  const { bins, balls = bins, choices = 2, seed = 1 } = options;
  wholeInRange("bins", bins, { min: 1, max: 2 ** 24 });
  wholeInRange("balls", balls, { min: 0, max: 1e9 });
  wholeInRange("choices", choices, { min: 1, max: 64 });
  const random = new Random(seed);
  const loads = new Int32Array(bins);
  for (let ball = 0; ball < balls; ball++) {
    let best = random.below(bins);
    for (let choice = 1; choice < choices; choice++) {
      const other = random.below(bins);
      if (loads[other] < loads[best]) best = other;
    }
    loads[best]++;
  }
  const counts = Array<number>(loads.reduce((most, load) => Math.max(most, load), 0) + 1).fill(0);
  for (const load of loads) counts[load]++;
  return counts;
}

/** The fullest bin's balls. */
export function mostInABin(options: BallsInBinsOptions): number {
  return ballsInBins(options).length - 1;
}
