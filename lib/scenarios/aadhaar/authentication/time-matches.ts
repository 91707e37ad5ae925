/** How long one authentication takes here: two pictures at all turns, the scores fused, decided. */
import { wholeInRange } from "../../../basics";
import type { IrisGallery } from "../iris/gallery";
import { makeMatcher } from "../iris/matcher";
import { turnsUpTo } from "../iris/picture";
import { fusedLikeness } from "./fusion";
import { closest } from "./trials";

export interface MatchTiming {
  readonly matches: number;
  /** Microseconds of a match: means of 16 in a row, whose percentiles these are. */
  readonly medianMicroseconds: number;
  readonly p95Microseconds: number;
  readonly p99Microseconds: number;
  /** On one thread. */
  readonly matchesPerSecond: number;
  /** How many were accepted at the threshold: so that no work can be left out. */
  readonly accepted: number;
}

export interface MatchTimingOptions {
  /** 160 to 10 million; default 50,000. */
  readonly matches?: number;
  /** Likeness, 0 to 1, from which a match is accepted; default 0.5. */
  readonly threshold?: number;
  readonly maxRotation?: number;
  readonly signal?: AbortSignal;
}

/** So many matches are timed together: a look at the clock takes as long as a comparison. */
const together = 16;

/** Pictures of the gallery in turn against the person's first one, a planted truth or itself. */
export function timeMatches(gallery: IrisGallery, options: MatchTimingOptions = {}): MatchTiming {
  const { matches = 50_000, threshold = 0.5, maxRotation = 3, signal } = options;
  wholeInRange("matches", matches, { min: 10 * together, max: 10_000_000 });
  const matcher = makeMatcher(gallery);
  const turns = turnsUpTo(maxRotation);
  const times = new Float64Array(Math.floor(matches / together));
  let [accepted, totalMs] = [0, 0];
  for (let group = 0; group < times.length; group++) {
    signal?.throwIfAborted();
    const startMs = performance.now();
    for (let i = 0; i < together; i++) {
      const row = (group * together + i) % gallery.count;
      const iris = closest(matcher, { row, other: gallery.persons[row], turns });
      const finger = { fingerprintScore: 68, fingerprintQuality: 0.8 };
      if (fusedLikeness({ isGenuine: true, ...finger, ...iris }) >= threshold) accepted++;
    }
    const elapsedMs = performance.now() - startMs;
    times[group] = (elapsedMs * 1_000) / together;
    totalMs += elapsedMs;
  }
  times.sort();
  const at = (share: number): number => times[Math.floor(share * (times.length - 1))];
  const done = times.length * together;
  return {
    ...{ matches: done, accepted, matchesPerSecond: (done / totalMs) * 1_000 },
    ...{ medianMicroseconds: at(0.5), p95Microseconds: at(0.95), p99Microseconds: at(0.99) },
  };
}
