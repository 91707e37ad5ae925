/** Authentications on many threads, each timed with 15 others; see time-matches.ts. */
import { Random } from "../../../basics";
import { genuineFingerprint, impostorFingerprint } from "../../../generators";
import type { Kernel } from "../../../graph/team/kernel";
import { IrisGallery } from "../iris/gallery";
import type { GalleryArrays } from "../iris/gallery";
import { makeMatcher } from "../iris/matcher";
import { turnsUpTo } from "../iris/picture";
import { fusedLikeness } from "./fusion";
import { closest } from "./trials";

export interface MatchInput {
  readonly gallery: GalleryArrays;
  /** Second pictures of somebody. */
  readonly mated: Int32Array;
  readonly maxRotation: number;
  readonly threshold: number;
  readonly seed: number;
  /** By group, its time in milliseconds. */
  readonly times: Float64Array;
  /** By worker, when it began and when it ended, in milliseconds of the clock. */
  readonly spans: Float64Array;
  /** By worker. */
  readonly accepted: Int32Array;
}

/** So many matches are timed together: a look at the clock takes as long as a comparison. */
export const together = 16;

export const run: Kernel<MatchInput>["run"] = (input, team, tell) => {
  const gallery = new IrisGallery(input.gallery);
  const matcher = makeMatcher(gallery, { worker: team.worker });
  const turns = turnsUpTo(input.maxRotation);
  const { times, spans, accepted } = input;
  const clock = (): number => performance.timeOrigin + performance.now();
  spans[2 * team.worker] = clock();
  team.each(times.length, (group) => {
    const pairs = drawPairs(input, group);
    const startMs = performance.now();
    for (const [row, other] of pairs) {
      const iris = closest(matcher, { row, other, turns });
      const isGenuine = gallery.persons[row] === gallery.persons[other];
      const fingerprintScore = (isGenuine ? genuineFingerprint : impostorFingerprint).mean;
      const trial = { isGenuine, fingerprintScore, fingerprintQuality: 0.8, ...iris };
      const likeness = fusedLikeness(trial);
      if (likeness >= input.threshold) accepted[team.worker]++;
    }
    times[group] = performance.now() - startMs;
    if (team.worker === 0 && group % 1_024 === 0) tell(group, times.length);
  });
  spans[2 * team.worker + 1] = clock();
};

/** The right person and anybody, in turn: pictures all over the memory. */
function drawPairs({ gallery, mated, seed }: MatchInput, group: number): [number, number][] {
  const { count, persons } = gallery;
  const random = new Random(seed, group);
  return Array.from({ length: together }, (_, i) => {
    if (i % 2 === 1 || mated.length === 0) return [random.below(count), random.below(count)];
    const row = mated[random.below(mated.length)];
    return [row, persons[row]];
  });
}
