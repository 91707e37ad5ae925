/**
 * Every picture of a gallery with every other, at each turn: the truth beside which a faster search
 * is measured, and the spread of distances of the same and of different eyes.
 *
 * Cost: n (n - 1) / 2 pairs times the turns; 10,000 pictures take 350 million comparisons.
 */
import { join } from "path";
import { wholeInRange } from "../../../basics";
import { runTeam } from "../../../graph/team/run-team";
import { distanceBins } from "./compare-kernel";
import type { CompareInput } from "./compare-kernel";
import { decisionThreshold } from "./decision";
import type { IrisGallery } from "./gallery";
import { MatchList } from "./match-list";
import type { IrisMatch } from "./match-list";
import { parallelOptions } from "./parallel";
import type { IrisOptions } from "./parallel";
import { turnsUpTo } from "./picture";

export interface CompareOptions extends IrisOptions {
  /** Turns tried either way, in columns, 0 to 7; default 3: seven turns. */
  readonly maxRotation?: number;
  /** Greatest normalised distance of a match; default: `decisionThreshold` of the gallery. */
  readonly threshold?: number;
  /** Most matches that are kept, default 1,000,000; more throw a RangeError. */
  readonly maxMatches?: number;
}

/** How often which distance was seen, in bins of 1 / 500. */
export interface DistanceHistogram {
  /** Middle of each bin. */
  readonly distance: readonly number[];
  readonly pairs: Float64Array;
}

export interface CompareResult {
  /** Pairs times turns. */
  readonly comparisons: number;
  readonly elapsedMs: number;
  readonly comparisonsPerSecond: number;
  readonly threshold: number;
  /** Best normalised distance over the turns of pairs of one person, and of two. */
  readonly genuine: DistanceHistogram;
  readonly impostor: DistanceHistogram;
  /** Of pairs of two persons, as they stand: no turns. */
  readonly impostorUnturned: DistanceHistogram;
  /** Pairs at most `threshold` apart, by their rows. */
  readonly matches: readonly IrisMatch[];
}

export async function compareAll(
  gallery: IrisGallery,
  options: CompareOptions = {},
): Promise<CompareResult> {
  const { maxRotation = 3, kind = "simd", maxMatches = 1_000_000 } = options;
  wholeInRange("maxRotation", maxRotation, { min: 0, max: 7 });
  const turns = turnsUpTo(maxRotation);
  const rotations = turns.length;
  const threshold = options.threshold ?? decisionThreshold(gallery.count, { rotations });
  const parallel = parallelOptions(options);
  const found = MatchList.shared(maxMatches);
  const counts = new Float64Array(
    new SharedArrayBuffer(parallel.workers * 3 * distanceBins * Float64Array.BYTES_PER_ELEMENT),
  );
  const input: CompareInput = {
    ...{ gallery: gallery.arrays, turns, threshold, kind, found: found.arrays, counts },
  };
  const startMs = performance.now();
  await runTeam(join(__dirname, "compare-kernel.js"), input, parallel);
  const elapsedMs = performance.now() - startMs;
  const comparisons = ((gallery.count * (gallery.count - 1)) / 2) * rotations;
  const comparisonsPerSecond = comparisons / (elapsedMs / 1000);
  const [genuine, impostor, impostorUnturned] = histograms(counts, parallel.workers);
  return {
    ...{ comparisons, elapsedMs, comparisonsPerSecond, threshold },
    ...{ genuine, impostor, impostorUnturned },
    matches: found.sorted(),
  };
}

function histograms(counts: Float64Array, workers: number): DistanceHistogram[] {
  const distance = Array.from({ length: distanceBins }, (_, bin) => (bin + 0.5) / distanceBins);
  return [0, 1, 2].map((kind) => {
    const pairs = new Float64Array(distanceBins);
    for (let worker = 0; worker < workers; worker++) {
      const start = (worker * 3 + kind) * distanceBins;
      for (let bin = 0; bin < distanceBins; bin++) pairs[bin] += counts[start + bin];
    }
    return { distance, pairs };
  });
}
