/**
 * Bands: pictures that agree in a few chosen bits are worth comparing in all of them. How many bits
 * a band, and how many bands, follows from the recall that is wanted.
 *
 * Source: P. Indyk and R. Motwani, "Approximate nearest neighbors" (STOC 1998): sampled bits for
 * Hamming distance; the S-curve 1 - (1 - s^k)^L as in J. Leskovec, A. Rajaraman, J. Ullman, "Mining
 * of Massive Datasets", section 3.4. Ours differs in the mask: a band takes its bits from a sector
 * of the iris, which is seen as a whole or not, and only pictures that show all of it are in the
 * band: 1 - product of (1 - v^2 (1 - d)^k), with v the share of pictures that show a band.
 * Cost: of a band: a table of all pictures, a look-up for each at each turn, and n^2 / 2^(k+1)
 * comparisons a turn.
 */
import { inRange, Random, wholeInRange } from "../../../basics";
import { irisBits, irisColumns } from "./picture";

/** Sampled bits of a band are so far apart that neighbours agree by chance: 0.05 is left. */
const bitsApart = 25;
const maxBands = 1_024;

export interface BandPlan {
  /** Bits of each band, 4 to 30. */
  readonly bits: number;
  /** How many bands, 1 to 1,024. */
  readonly bands: number;
}

/** By band, `bits` places in a code, 0 to 2,047: column x 8 + ring. The same for the same seed. */
export function bandPlaces({ bits, bands }: BandPlan, seed = 1): Uint16Array {
  wholeInRange("bits", bits, { min: 4, max: 30 });
  wholeInRange("bands", bands, { min: 1, max: maxBands });
  const random = new Random(seed, 77);
  const places = new Uint16Array(bits * bands);
  for (let band = 0; band < bands; band++) {
    const start = random.below(irisBits);
    for (let bit = 0; bit < bits; bit++) {
      const jitter = random.below(5) - 2;
      places[band * bits + bit] = (start + bit * bitsApart + jitter + irisBits) % irisBits;
    }
  }
  return places;
}

/** Of each band, the share of pictures of a sample that show all of it, 0 to 1. */
export function shownShares(
  masks: readonly Uint8Array[],
  places: Uint16Array,
  bits: number,
): Float64Array {
  return Float64Array.from({ length: places.length / bits }, (_, band) => {
    const own = places.subarray(band * bits, (band + 1) * bits);
    const shows = (mask: Uint8Array): boolean =>
      own.every((place) => ((mask[(place >> 3) % irisColumns] >> (place & 7)) & 1) === 1);
    return masks.filter(shows).length / masks.length;
  });
}

/** The probability that two pictures, in `distance` (0 to 1) of whose bits there is noise, meet. */
export function bandRecall(distance: number, bits: number, shown: Float64Array | number[]): number {
  inRange("distance", distance, { min: 0, max: 1 });
  const agree = (1 - distance) ** bits;
  let missed = 1;
  for (const share of shown) missed *= 1 - share * share * agree;
  return 1 - missed;
}

/** What the planner knows about the work. */
export interface BandWork {
  /** Pictures. */
  readonly rows: number;
  readonly rotations: number;
  /** Share of second pictures that are to be met, over all of `distances`. */
  readonly recall: number;
  /** Distances between pictures of one eye, a sample. */
  readonly distances: readonly number[];
  /** Share of pictures that show a band of so many bits. */
  readonly shown: (bits: number) => number;
}

/** Nanoseconds, for the choice alone: a look-up of a turned code, and a comparison out of cache. */
const lookupNs = 150;
const compareNs = 120;

/**
 * The plan that reaches the recall with the least expected work, over 8 to 26 bits. RangeError
 * where 1,024 bands do not reach it.
 */
export function planBands(work: BandWork): BandPlan {
  let best: { readonly plan: BandPlan; readonly cost: number } | undefined;
  for (let bits = 8; bits <= 26; bits++) {
    const bands = bandsNeeded(bits, work);
    if (bands === undefined) continue;
    const cost = bands * bandCost(bits, work);
    if (best === undefined || cost < best.cost) best = { plan: { bits, bands }, cost };
  }
  if (best !== undefined) return best.plan;
  throw new RangeError(`recall must be what ${maxBands} bands can reach, but was ${work.recall}`);
}

/** Candidates of one band: pairs of different eyes that agree in its bits by chance, all turns. */
export function expectedCandidates(
  bits: number,
  { rows, rotations, shown }: Pick<BandWork, "rows" | "rotations" | "shown">,
): number {
  return ((rows * (rows - 1)) / 2) * rotations * shown(bits) ** 2 * 2 ** -bits;
}

function bandCost(bits: number, work: BandWork): number {
  const lookups = work.rows * work.rotations;
  return lookups * lookupNs + expectedCandidates(bits, work) * compareNs;
}

function bandsNeeded(bits: number, work: BandWork): number | undefined {
  const share = work.shown(bits) ** 2;
  const meets = work.distances.map((distance) => share * (1 - distance) ** bits);
  const recallOf = (bands: number): number =>
    meets.reduce((sum, meet) => sum + 1 - (1 - meet) ** bands, 0) / meets.length;
  if (recallOf(maxBands) < work.recall) return undefined;
  let [low, high] = [1, maxBands];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (recallOf(middle) >= work.recall) high = middle;
    else low = middle + 1;
  }
  return low;
}
