/**
 * Bands: pictures that agree in a few chosen bits are worth comparing in all of them.
 *
 * Source: P. Indyk and R. Motwani, "Approximate nearest neighbors" (STOC 1998): sampled bits for
 * Hamming distance; the S-curve 1 - (1 - s^k)^L as in J. Leskovec, A. Rajaraman, J. Ullman, "Mining
 * of Massive Datasets", section 3.4. Ours differs in the mask: a band takes its bits from a sector
 * of the iris, which is seen as a whole or not, and only pictures that show all of it are in the
 * band: 1 - product of (1 - v^2 (1 - d)^k), with v the share of pictures that show a band. So of a
 * few sectors drawn for a band the one is taken that most pictures of a sample show.
 * Cost: see search.ts.
 */
import { inRange, Random, wholeInRange } from "../../../basics";
import { irisBytes, irisColumns } from "./picture";

/** Sampled bits of a band are so far apart that neighbours agree by chance: 0.05 is left. */
const bitsApart = 25;
const maxBands = 1_024;
/** Sectors drawn for a band. More are shown better, and have more bits in common. */
const draws = 8;
/** Masks that the choice among them looks at. */
const masksLookedAt = 250;

export interface BandPlan {
  /** Bits of each band, 4 to 30. */
  readonly bits: number;
  /** How many bands, 1 to 1,024. */
  readonly bands: number;
}

/** What bands are chosen by. */
export interface BandChoice {
  /** Of a sample of pictures. */
  readonly masks: readonly Uint8Array[];
  /** Columns up to which a turned picture is read beyond a place: kept free at the seam. */
  readonly reach: number;
  /** Default 1. */
  readonly seed?: number | undefined;
}

/** By band, places of its bits in a code, 0 to 2,047: column x 8 + ring; the same for a choice. */
export function bandPlaces({ bits, bands }: BandPlan, choice: BandChoice): Uint16Array {
  wholeInRange("bits", bits, { min: 4, max: 30 });
  wholeInRange("bands", bands, { min: 1, max: maxBands });
  const random = new Random(choice.seed ?? 1, 77);
  const masks = choice.masks.slice(0, masksLookedAt);
  const places = new Uint16Array(bits * bands);
  const room = 8 * (irisColumns - choice.reach);
  for (let band = 0; band < bands; band++) {
    let [best, most] = [new Uint16Array(0), -1];
    for (let draw = 0; draw < draws; draw++) {
      const drawn = drawSector(bits, room, random);
      const shown = masks.reduce((sum, mask) => sum + (shows(mask, drawn) ? 1 : 0), 0);
      if (shown > most) [best, most] = [drawn, shown];
    }
    places.set(best, band * bits);
  }
  return places;
}

function drawSector(bits: number, room: number, random: Random): Uint16Array {
  const start = random.below(room);
  const jitter = (): number => random.below(5) - 2;
  return Uint16Array.from(
    { length: bits },
    (_, bit) => (start + bit * bitsApart + jitter() + room) % room,
  );
}

function shows(mask: Uint8Array, places: Uint16Array): boolean {
  for (let i = 0; i < places.length; i++) {
    if (((mask[places[i] >> 3] >> (places[i] & 7)) & 1) === 0) return false;
  }
  return true;
}

/** Of each band, the share of pictures of a sample that show all of it, 0 to 1. */
export function shownShares(
  masks: readonly Uint8Array[],
  places: Uint16Array,
  bits: number,
): Float64Array {
  return Float64Array.from({ length: places.length / bits }, (_, band) => {
    const own = places.subarray(band * bits, (band + 1) * bits);
    return masks.filter((mask) => shows(mask, own)).length / masks.length;
  });
}

/**
 * By pair of neighbours in a sample of pictures, the share of the bands that both show. Who shows
 * one band likely shows the next: the pairs are no average pair, and meet less often than it would.
 */
export function sharesBothShow(
  masks: readonly Uint8Array[],
  places: Uint16Array,
  bits: number,
): Float64Array {
  const bands = places.length / bits;
  const both = new Uint8Array(irisBytes);
  return Float64Array.from({ length: masks.length >> 1 }, (_, pair) => {
    const [left, right] = [masks[2 * pair], masks[2 * pair + 1]];
    for (let i = 0; i < irisBytes; i++) both[i] = left[i] & right[i];
    let shown = 0;
    for (let band = 0; band < bands; band++) {
      if (shows(both, places.subarray(band * bits, (band + 1) * bits))) shown++;
    }
    return shown / bands;
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

/** The same over a sample of pairs: by pair a distance, and the share of bands that both show. */
export function sampleRecall(
  { bits, bands }: BandPlan,
  distances: ArrayLike<number>,
  bothShow: Float64Array,
): number {
  let sum = 0;
  bothShow.forEach((share, pair) => {
    const agree = (1 - distances[pair]) ** bits;
    sum += 1 - (1 - agree) ** (bands * share);
  });
  return sum / bothShow.length;
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
  /** For bands of so many bits, by pair of that sample the share of bands that both show. */
  readonly bothShow: (bits: number) => Float64Array;
}

/** Nanoseconds, for the choice alone: of a picture in a band, and of a pair that met in one. */
const pictureNs = 110;
const compareNs = 200;

/**
 * The plan that reaches the recall with the least expected work, over 8 to 26 bits. RangeError
 * where 1,024 bands do not reach it.
 */
export function planBands(work: BandWork): BandPlan {
  let best: { readonly plan: BandPlan; readonly cost: number } | undefined;
  for (let bits = 8; bits <= 26; bits++) {
    const bothShow = work.bothShow(bits);
    const bands = bandsNeeded(bits, bothShow, work);
    if (bands === undefined) continue;
    const shown = Math.sqrt(bothShow.reduce((sum, share) => sum + share, 0) / bothShow.length);
    const cost = bands * bandCost(bits, { ...work, shown });
    if (best === undefined || cost < best.cost) best = { plan: { bits, bands }, cost };
  }
  if (best !== undefined) return best.plan;
  throw new RangeError(`recall must be what ${maxBands} bands can reach, but was ${work.recall}`);
}

interface BandSize {
  readonly rows: number;
  readonly rotations: number;
  /** Share of pictures that show the band. */
  readonly shown: number;
}

/** Candidates of one band: pairs of different eyes that agree in its bits by chance, all turns. */
export function expectedCandidates(bits: number, { rows, rotations, shown }: BandSize): number {
  return ((rows * (rows - 1)) / 2) * rotations * shown ** 2 * 2 ** -bits;
}

function bandCost(bits: number, size: BandSize): number {
  return size.rows * pictureNs + expectedCandidates(bits, size) * compareNs;
}

function bandsNeeded(bits: number, bothShow: Float64Array, work: BandWork): number | undefined {
  const recallOf = (bands: number): number =>
    sampleRecall({ bits, bands }, work.distances, bothShow);
  if (recallOf(maxBands) < work.recall) return undefined;
  let [low, high] = [1, maxBands];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (recallOf(middle) >= work.recall) high = middle;
    else low = middle + 1;
  }
  return low;
}
