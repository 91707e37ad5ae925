/**
 * Pictures of irises as a camera takes them: the code of an eye, a mask of what eyelids and a
 * reflection cover, turned by the tilt of the head. Some people are in the gallery twice.
 *
 * Source: J. Daugman, "How iris recognition works" (IEEE TCSVT 14, 2004): masks and turns in
 * columns; the codes are those of iris.ts. How much lids and lamps cover is an assumption: about a
 * fifth of the bits. What is covered shows something else than the eye, so that a comparison
 * without masks goes wrong.
 * Guarantees: a picture follows from the seed and its row alone.
 * Cost: about 3 microseconds a picture.
 */
import { Random } from "../../basics";
import { addIrisNoise, drawGenuineDistance, drawIris, irisBytes } from "./iris";

/** Around the pupil: a byte of the code is a column, its 8 bits are rings, innermost first. */
export const irisColumns = 256;
/** A code of 256 bytes, then its mask of 256 bytes, in which a 1 is a bit that can be seen. */
export const irisPictureBytes = 2 * irisBytes;

export interface IrisGallerySpec {
  /** Pictures in all. */
  readonly rows: number;
  readonly seed: number;
  /** The share (0 to 1) of pictures of a person who is there already; default 0.01. */
  readonly duplicates?: number;
  /** Such a picture is turned by up to so many columns (of 1.4 degrees); default 3, at most 7. */
  readonly maxRotation?: number;
}

/** A second picture of somebody. */
export interface IrisTruth {
  /** Number of the picture, from 0. */
  readonly row: number;
  /** The row of the same person's first picture. */
  readonly of: number;
  /** Columns by which it has to be turned back to fit that one, -7 to 7. */
  readonly rotation: number;
  /** The share of bits, 0 to 1, that noise changes from the first picture. */
  readonly noise: number;
}

/** Streams of random numbers of eyes and of pictures lie behind those of records and events. */
const eyeStream = 3_000_000_000;
const pictureStream = 3_600_000_000;

const upperLid = { column: 64, mean: 20, spread: 7, widest: 50 };
const lowerLid = { column: 192, mean: 10, spread: 6, widest: 40 };
const reflection = { columns: 6, rings: 0b0011_1100 };

export class IrisPictures {
  private readonly random = new Random(0);
  private readonly eye = new Random(0);
  private readonly mask = new Uint8Array(irisBytes);
  private readonly cover = new Uint8Array(irisBytes);
  private readonly code = new Uint8Array(irisBytes);

  constructor(private readonly spec: IrisGallerySpec) {}

  /** Writes the picture of `row` into 512 bytes: the code, then the mask. */
  fill(row: number, target: Uint8Array): IrisTruth | undefined {
    const { code, mask, cover, random } = this;
    const truth = this.truthOf(row);
    this.eye.restart(this.spec.seed, eyeStream + (truth?.of ?? row));
    drawIris(this.eye, code);
    if (truth !== undefined) addIrisNoise(code, truth.noise, random);
    drawMask(mask, random);
    drawIris(random, cover);
    const rotation = truth?.rotation ?? 0;
    for (let column = 0; column < irisColumns; column++) {
      const at = (column + rotation) & (irisColumns - 1);
      const seen = mask[column];
      target[at] = (code[column] & seen) | (cover[column] & ~seen);
      target[irisBytes + at] = seen;
    }
    return truth;
  }

  /** What is planted in `row`; undefined: somebody new. */
  truthOf(row: number): IrisTruth | undefined {
    if (!this.isAgain(row)) return undefined;
    let of = this.random.below(row);
    while (this.isAgain(of)) of = this.random.below(of);
    // Looking there has moved the draws elsewhere: back to behind the row's first two.
    this.isAgain(row);
    this.random.next();
    const { maxRotation = 3 } = this.spec;
    const rotation = this.random.below(2 * maxRotation + 1) - maxRotation;
    return { row, of, rotation, noise: drawGenuineDistance(this.random) };
  }

  /** Leaves `random` behind the row's first draw. */
  private isAgain(row: number): boolean {
    this.random.restart(this.spec.seed, pictureStream + row);
    return this.random.chance(this.spec.duplicates ?? 0.01) && row > 0;
  }
}

/** The planted second pictures, in the order of rows. */
export function* irisTruth(spec: IrisGallerySpec): Generator<IrisTruth> {
  const pictures = new IrisPictures(spec);
  for (let row = 0; row < spec.rows; row++) {
    const truth = pictures.truthOf(row);
    if (truth !== undefined) yield truth;
  }
}

function drawMask(mask: Uint8Array, random: Random): void {
  mask.fill(0xff);
  for (const lid of [upperLid, lowerLid]) {
    const width = Math.round(lid.mean + lid.spread * random.normal());
    coverByLid(mask, lid.column, Math.max(0, Math.min(lid.widest, width)));
  }
  const start = random.below(irisColumns);
  for (let column = 0; column < reflection.columns; column++) {
    mask[(start + column) & (irisColumns - 1)] &= ~reflection.rings;
  }
}

/** A lid covers the outer rings, most of them in its middle. */
function coverByLid(mask: Uint8Array, middle: number, width: number): void {
  for (let offset = 1 - width; offset < width; offset++) {
    const rings = Math.round(8 * Math.sqrt(1 - (offset / width) ** 2));
    mask[(middle + offset) & (irisColumns - 1)] &= 0xff >> rings;
  }
}
