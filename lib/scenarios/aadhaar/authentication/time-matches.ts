/**
 * How long an authentication takes here, and how many fit into a second on all cores: two pictures
 * out of a gallery in memory compared at all turns, the scores fused, decided.
 */
import { join } from "path";
import { inRange, wholeInRange } from "../../../basics";
import { runTeam } from "../../../graph/team/run-team";
import type { IrisGallery } from "../iris/gallery";
import { parallelOptions } from "../iris/parallel";
import type { IrisOptions } from "../iris/parallel";
import { together } from "./match-kernel";
import type { MatchInput } from "./match-kernel";

export interface MatchTiming {
  readonly matches: number;
  /** Threads that matched at once. */
  readonly workers: number;
  /** Microseconds of a match on its thread: means of 16 in a row, whose percentiles these are. */
  readonly medianMicroseconds: number;
  readonly p95Microseconds: number;
  readonly p99Microseconds: number;
  /** On all threads together. */
  readonly matchesPerSecond: number;
  /** How many were accepted at the threshold: about the half that should be. */
  readonly accepted: number;
}

export interface MatchTimingOptions extends Omit<IrisOptions, "kind"> {
  /** 160 to 100 million; default 200,000. */
  readonly matches?: number;
  /** Likeness, 0 to 1, from which a match is accepted; default 0.5. */
  readonly threshold?: number;
  /** Turns tried either way, in columns, 0 to 7; default 3. */
  readonly maxRotation?: number;
  /** Chooses who is matched with whom; default 1. */
  readonly seed?: number;
}

/** Second pictures against first ones of their persons, and against anybody, in turn. */
export async function timeMatches(
  gallery: IrisGallery,
  options: MatchTimingOptions = {},
): Promise<MatchTiming> {
  const { matches = 200_000, threshold = 0.5, maxRotation = 3, seed = 1 } = options;
  wholeInRange("matches", matches, { min: 10 * together, max: 100_000_000 });
  inRange("threshold", threshold, { min: 0, max: 1 });
  wholeInRange("maxRotation", maxRotation, { min: 0, max: 7 });
  const parallel = parallelOptions(options);
  const { workers } = parallel;
  const shared = (numbers: number): Float64Array =>
    new Float64Array(new SharedArrayBuffer(numbers * 8));
  const [times, spans] = [shared(Math.floor(matches / together)), shared(2 * workers)];
  const accepted = new Int32Array(new SharedArrayBuffer(workers * 4));
  const mated = gallery.persons.map((of, row) => (of === row ? -1 : row)).filter((row) => row >= 0);
  const input: MatchInput = {
    ...{ gallery: gallery.arrays, mated, maxRotation, threshold, seed, times, spans, accepted },
  };
  await runTeam(join(__dirname, "match-kernel.js"), input, parallel);
  return summary(input, workers);
}

function summary({ times, spans, accepted }: MatchInput, workers: number): MatchTiming {
  const sorted = times.slice().sort();
  const at = (share: number): number =>
    (sorted[Math.floor(share * (sorted.length - 1))] * 1_000) / together;
  const matches = times.length * together;
  const elapsedMs = Math.max(...spans) - Math.min(...spans);
  return {
    ...{ matches, workers, accepted: accepted.reduce((sum, one) => sum + one, 0) },
    matchesPerSecond: (matches / elapsedMs) * 1_000,
    ...{ medianMicroseconds: at(0.5), p95Microseconds: at(0.95), p99Microseconds: at(0.99) },
  };
}
