/**
 * Same eye or not: how likely two different eyes agree so well by chance, and the distance from
 * which a gallery of a given size can be trusted.
 *
 * Source: J. Daugman, "How iris recognition works" (IEEE TCSVT 14, 2004): sections 4 to 6, the
 * distance of different eyes spreads as 249 coin tosses, equations (4) and (7); and "New methods in
 * iris recognition" (IEEE TSMC-B 37, 2007), section VI: the distance is normalised by the root of
 * the bits compared. His reference is the 911 bits that his pairs share on average; ours the 2,048
 * of a whole code, since the 249 were measured on whole codes here.
 */
import { inRange, wholeInRange } from "../../../basics";
import { irisDegreesOfFreedom } from "../../../generators";
import { irisBits } from "./picture";

/** Distances between which a threshold is looked for. */
const [leastDistance, greatestDistance] = [0.05, 0.5];

/**
 * The distance as if all bits had been compared: few bits prove little, so theirs is drawn towards
 * 0.5. `differing` of `common` bits; 0.5 where none are common.
 */
export function normalisedDistance(differing: number, common: number): number {
  if (common === 0) return 0.5;
  return 0.5 - (0.5 - differing / common) * Math.sqrt(common / irisBits);
}

/**
 * For 0 to 2,048 common bits, the most that may differ for the normalised distance to be at most
 * `threshold`; -1 where even none is not enough. So that a decision is one comparison of integers.
 */
export function decisionLimits(threshold: number): Int16Array {
  return Int16Array.from({ length: irisBits + 1 }, (_, common) => {
    if (common === 0) return threshold >= 0.5 ? 0 : -1;
    const share = 0.5 - (0.5 - threshold) / Math.sqrt(common / irisBits);
    return Math.max(-1, Math.floor(share * common + 1e-9));
  });
}

export interface DecisionOptions {
  /** Turns of the probe of which the best counts; default 7 (3 columns either way). */
  readonly rotations?: number;
  /** Coin tosses in a code; default 249. */
  readonly degreesOfFreedom?: number;
}

/** The probability that one comparison of two different eyes comes to at most `threshold`. */
export function falseMatchProbability(threshold: number, options: DecisionOptions = {}): number {
  const { rotations = 7, degreesOfFreedom = irisDegreesOfFreedom } = options;
  inRange("threshold", threshold, { min: 0, max: 1 });
  wholeInRange("rotations", rotations, { min: 1, max: irisBits });
  const single = coinTossTail(degreesOfFreedom, threshold * degreesOfFreedom);
  return -Math.expm1(rotations * Math.log1p(-single));
}

/** The probability that a stranger matches somebody in a gallery of that size: 1 - (1 - p)^n. */
export function galleryFalseMatch(falseMatch: number, galleryRows: number): number {
  return -Math.expm1(galleryRows * Math.log1p(-falseMatch));
}

/** Pairs of different people that a search of all n (n - 1) / 2 pairs will call one. */
export function expectedFalsePairs(falseMatch: number, galleryRows: number): number {
  return (falseMatch * galleryRows * (galleryRows - 1)) / 2;
}

/**
 * The greatest threshold at which a search for duplicates among `galleryRows` pictures is expected
 * to call at most `falsePairs` pairs the same by chance; default 0.01.
 */
export function decisionThreshold(
  galleryRows: number,
  { falsePairs = 0.01, ...options }: DecisionOptions & { readonly falsePairs?: number } = {},
): number {
  wholeInRange("galleryRows", galleryRows, { min: 2, max: 1e11 });
  let [low, high] = [leastDistance, greatestDistance];
  for (let step = 0; step < 50; step++) {
    const middle = (low + high) / 2;
    const expected = expectedFalsePairs(falseMatchProbability(middle, options), galleryRows);
    if (expected <= falsePairs) low = middle;
    else high = middle;
  }
  return low;
}

/** The binomial density of a normalised distance between different eyes, best of the rotations. */
export function impostorDensity(distance: number, options: DecisionOptions = {}): number {
  const width = 1e-4;
  const [low, high] = [Math.max(0, distance - width), Math.min(1, distance + width)];
  const mass = falseMatchProbability(high, options) - falseMatchProbability(low, options);
  return mass / (high - low);
}

/**
 * P(at most k heads of n tosses); between whole numbers of heads on a straight line of logarithms.
 */
function coinTossTail(tosses: number, heads: number): number {
  if (heads < 0) return 0;
  if (heads >= tosses) return 1;
  const whole = Math.floor(heads);
  const below = logTail(tosses, whole);
  const part = heads - whole;
  return Math.exp(below + part * (logTail(tosses, whole + 1) - below));
}

const tails = new Map<number, Float64Array>();

/** Logarithm of the sum of C(n, i) / 2^n for i from 0 to `heads`. */
function logTail(tosses: number, heads: number): number {
  let table = tails.get(tosses);
  if (table === undefined) tails.set(tosses, (table = tailTable(tosses)));
  return table[heads];
}

function tailTable(tosses: number): Float64Array {
  const table = new Float64Array(tosses + 1);
  let term = -tosses * Math.LN2;
  table[0] = term;
  for (let heads = 1; heads <= tosses; heads++) {
    term += Math.log((tosses - heads + 1) / heads);
    const [larger, smaller] = [Math.max(table[heads - 1], term), Math.min(table[heads - 1], term)];
    table[heads] = larger + Math.log1p(Math.exp(smaller - larger));
  }
  return table;
}
