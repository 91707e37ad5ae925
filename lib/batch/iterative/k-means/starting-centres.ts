/**
 * Centres to begin k-means with: points, each drawn by its squared distance to those drawn before.
 *
 * Source: D. Arthur and S. Vassilvitskii, "k-means++: The Advantages of Careful Seeding", SODA
 * 2007, section 2.2. Ours draws from the points that it is given, which may be a sample.
 * Cost: O(points x clusters x dimensions).
 */
import { InputError, Random, wholeInRange } from "../../../basics";
import type { Centres } from "./model";

export interface StartOptions {
  readonly clusters: number;
  /** Default 1. */
  readonly seed?: number;
}

/** Throws InputError when there are fewer different points than clusters. */
export function startingCentres(points: Centres, { clusters, seed = 1 }: StartOptions): Centres {
  wholeInRange("clusters", clusters, { min: 1, max: 10_000 });
  if (points.length === 0) throw new InputError("there are no points to begin with");
  const random = new Random(seed);
  const centres = [points[random.below(points.length)]];
  const nearest = points.map(() => Infinity);
  while (centres.length < clusters) {
    const last = centres[centres.length - 1];
    points.forEach((point, i) => (nearest[i] = Math.min(nearest[i], squared(point, last))));
    const total = nearest.reduce((sum, distance) => sum + distance, 0);
    if (!(total > 0)) {
      throw new InputError(`there are ${centres.length} different points for ${clusters} clusters`);
    }
    centres.push(points[draw(nearest, random.next() * total)]);
  }
  return centres;
}

/** The index at which the running sum passes `at`. */
function draw(weights: readonly number[], at: number): number {
  let sum = 0;
  let last = 0;
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] === 0) continue;
    last = i;
    if ((sum += weights[i]) > at) return i;
  }
  return last; // rounding
}

function squared(left: readonly number[], right: readonly number[]): number {
  return left.reduce((sum, value, i) => sum + (value - right[i]) ** 2, 0);
}
