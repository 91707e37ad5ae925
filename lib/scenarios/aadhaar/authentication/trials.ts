/**
 * Authentications with two traits: an iris, really compared, and a fingerprint score, drawn. The
 * right ones are second pictures against first ones of a gallery, the impostors any two people.
 */
import { Random, wholeInRange } from "../../../basics";
import { genuineFingerprint, impostorFingerprint } from "../../../generators";
import { normalisedDistance } from "../iris/decision";
import type { IrisGallery } from "../iris/gallery";
import { commonOf, differingOf, makeMatcher } from "../iris/matcher";
import type { IrisMatcher } from "../iris/matcher";
import { irisBits, turnsUpTo } from "../iris/picture";

export interface Trial {
  readonly isGenuine: boolean;
  /** 0 to 100, more is likelier the same finger. */
  readonly fingerprintScore: number;
  /** 0 to 1: how clear the finger's print is. */
  readonly fingerprintQuality: number;
  /** Normalised distance, 0 to 1, the best of the turns. */
  readonly irisDistance: number;
  /** Share of the bits that both pictures show, 0 to 1. */
  readonly irisQuality: number;
}

export interface TrialOptions {
  /** Impostors, 1 to 10 million; default 100,000. Right ones are as many as were planted. */
  readonly impostors?: number;
  readonly seed?: number;
  /** Turns tried either way, in columns; default 3. */
  readonly maxRotation?: number;
}

/** An assumption: one print in five is of a finger so worn that its score suffers. */
const wornShare = 0.2;
/** What the mean score loses from best quality to none; an assumption as well. */
const lostByWear = 45;

export function makeTrials(gallery: IrisGallery, options: TrialOptions = {}): Trial[] {
  const { impostors = 100_000, seed = 1, maxRotation = 3 } = options;
  wholeInRange("impostors", impostors, { min: 1, max: 10_000_000 });
  const random = new Random(seed, 55);
  const matcher = makeMatcher(gallery);
  const turns = turnsUpTo(wholeInRange("maxRotation", maxRotation, { min: 0, max: 7 }));
  const trials: Trial[] = [];
  const add = (row: number, other: number): void => {
    const isGenuine = gallery.persons[row] === gallery.persons[other];
    const iris = closest(matcher, { row, other, turns });
    trials.push({ isGenuine, ...drawFingerprint(isGenuine, random), ...iris });
  };
  gallery.persons.forEach((of, row) => {
    if (of !== row) add(row, of);
  });
  for (let i = 0; i < impostors; i++) {
    const row = random.below(gallery.count);
    const other = random.below(gallery.count);
    if (gallery.persons[row] !== gallery.persons[other]) add(row, other);
  }
  return trials;
}

/** Two pictures at the turn that fits best. */
export function closest(
  matcher: IrisMatcher,
  { row, other, turns }: { row: number; other: number; turns: Int8Array },
): Pick<Trial, "irisDistance" | "irisQuality"> {
  matcher.probe(row);
  let [irisDistance, irisQuality] = [1, 0];
  for (const turn of turns) {
    matcher.turn(turn);
    const counts = matcher.compareOne(other);
    const distance = normalisedDistance(differingOf(counts), commonOf(counts));
    if (distance >= irisDistance) continue;
    irisDistance = distance;
    irisQuality = commonOf(counts) / irisBits;
  }
  return { irisDistance, irisQuality };
}

function drawFingerprint(
  isGenuine: boolean,
  random: Random,
): Pick<Trial, "fingerprintScore" | "fingerprintQuality"> {
  const isWorn = random.chance(wornShare);
  const fingerprintQuality = isWorn ? random.between(0.1, 0.6) : random.between(0.6, 1);
  const { mean, spread } = isGenuine ? genuineFingerprint : impostorFingerprint;
  const loss = isGenuine && isWorn ? lostByWear * (0.6 - fingerprintQuality) : 0;
  const drawn = mean - loss + spread * random.normal();
  return { fingerprintScore: Math.max(0, Math.min(100, drawn)), fingerprintQuality };
}
