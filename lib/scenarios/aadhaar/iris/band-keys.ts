/**
 * The bits of a band as one number, of each picture at a few turns: what pictures meet by.
 *
 * Two pictures may be turned against each other by up to `maxRotation` columns either way. Instead
 * of all those turns of one picture, both are read at few turns that lie like the marks of a sparse
 * ruler: 0, 1 and 3 measure 1, 2 and 3 as well. A pair meets at the two marks that are as far apart
 * as it is turned, and of marks that measure the same length one pair is used.
 *
 * Source: S. Golomb, "How to number a graph" (1972), for the rulers.
 * Cost: 3 keys a picture for seven turns. One picture at seven turns and the other at none takes 8.
 */
import { bandReader } from "./band-module";
import type { IrisGallery } from "./gallery";
import type { MatcherKind } from "./matcher";
import { countsAt, irisBytes, irisPictureBytes, maxBatch, scratchBytes } from "./picture";

/** By `maxRotation`, 0 to 7: marks, in columns, whose differences are all lengths up to it. */
const rulers: readonly (readonly number[])[] = [
  ...[[0], [0, 1], [0, 1, 3], [0, 1, 3], [0, 1, 4, 6], [0, 1, 4, 6], [0, 1, 4, 6]],
  [0, 1, 2, 3, 7],
];

export const marksFor = (maxRotation: number): readonly number[] => rulers[maxRotation];

/** Two marks at which nobody is to meet. */
export const noTurn = 127;

/** By mark of one picture and mark of another, the turn of the first to the second, or `noTurn`. */
export function turnsBetween(maxRotation: number): Int8Array {
  const marks = marksFor(maxRotation);
  const used = new Set<number>();
  return Int8Array.from({ length: marks.length ** 2 }, (_, at) => {
    const turn = marks[Math.floor(at / marks.length)] - marks[at % marks.length];
    if (Math.abs(turn) > maxRotation || used.has(turn)) return noTurn;
    used.add(turn);
    return turn;
  });
}

/** The key of a picture that does not show the whole band. */
export const hidden = -1;

export interface KeyReader {
  /** The band that is read from now on: places of its bits, column x 8 + ring. */
  take(places: Uint16Array): void;
  /** Keys of the pictures from `first` on, those of a picture side by side, mark by mark. */
  keys(first: number, count: number): Int32Array;
}

export interface KeyReaderOptions {
  readonly bits: number;
  readonly maxRotation: number;
  readonly kind: MatcherKind;
  readonly worker: number;
}

/** Pictures of one call, at most: 128 KB of them, which the second cache holds. */
export const keyBatch = 256;
const bytesOfCacheLine = 64;

export function makeKeyReader(gallery: IrisGallery, options: KeyReaderOptions): KeyReader {
  return options.kind === "simd"
    ? new WasmKeyReader(gallery, options)
    : new PlainKeyReader(gallery, options);
}

class WasmKeyReader implements KeyReader {
  private readonly run;
  private readonly places: Int32Array;
  private readonly found: Int32Array;
  private readonly marks: number;
  private readonly memory: Float64Array;
  /** What was read ahead comes to nothing, but has to go somewhere. */
  ahead = 0;

  constructor(
    private readonly gallery: IrisGallery,
    { bits, maxRotation, worker }: KeyReaderOptions,
  ) {
    const { memory } = gallery;
    const turns = marksFor(maxRotation);
    this.memory = new Float64Array(memory.buffer);
    this.marks = turns.length;
    this.run = bandReader(memory, { bits, turns });
    const scratch = worker * scratchBytes;
    this.places = new Int32Array(memory.buffer, scratch, 2 * bits);
    this.found = new Int32Array(memory.buffer, scratch + countsAt, maxBatch);
  }

  take(places: Uint16Array): void {
    places.forEach((place, bit) => {
      this.places[2 * bit] = place >> 3;
      this.places[2 * bit + 1] = place & 7;
    });
  }

  keys(first: number, count: number): Int32Array {
    const start = this.gallery.addressOf(first);
    const end = start + count * irisPictureBytes;
    this.readAhead(start, end);
    this.run(start, end, this.places.byteOffset, this.found.byteOffset);
    return this.found.subarray(0, count * this.marks);
  }

  /**
   * A word of each cache line in their order, which processors foresee. The few lines of a band are
   * no such order: without this a picture takes up to 180 ns in the place of 40.
   */
  private readAhead(start: number, end: number): void {
    const { memory } = this;
    const step = bytesOfCacheLine / 8;
    for (let at = start >> 3; at < end >> 3; at += step) this.ahead += memory[at];
  }
}

/** Bit by bit, the oracle of the other. */
class PlainKeyReader implements KeyReader {
  private places = new Uint16Array(0);
  private readonly marks: readonly number[];

  constructor(
    private readonly gallery: IrisGallery,
    { maxRotation }: KeyReaderOptions,
  ) {
    this.marks = marksFor(maxRotation);
  }

  take(places: Uint16Array): void {
    this.places = places;
  }

  keys(first: number, count: number): Int32Array {
    return Int32Array.from({ length: count * this.marks.length }, (_, at) => {
      const picture = this.gallery.picture(first + Math.floor(at / this.marks.length));
      return this.keyOf(picture, this.marks[at % this.marks.length]);
    });
  }

  /** Parts of 8 bits, the first part lowest, within a part the first bit highest. */
  private keyOf(picture: Uint8Array, turn: number): number {
    let key = 0;
    for (let first = 0; first < this.places.length; first += 8) {
      let part = 0;
      for (const place of this.places.subarray(first, first + 8)) {
        const [column, ring] = [(place >> 3) + turn, place & 7];
        if (((picture[irisBytes + column] >> ring) & 1) === 0) return hidden;
        part = (part << 1) | ((picture[column] >> ring) & 1);
      }
      key |= part << first;
    }
    return key;
  }
}
