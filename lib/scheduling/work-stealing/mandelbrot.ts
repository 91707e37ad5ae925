/**
 * An image of the Mandelbrot set: a square is split into four until it is a tile. Tiles within the
 * set cost `maxIterations` a pixel, those far from it next to nothing. West comes before east,
 * which has most of the set: halves of the list of parts are halves of the image, and very uneven.
 *
 * Source: A. Douady, J. Hubbard, 1985; the escape-time loop, without short cuts.
 */
import { onlyKnown, wholeInRange } from "../../basics";
import type { StealingProgram } from "./program";

export interface MandelbrotOptions {
  /** Pixels of a side: a power of two, 1 to 4,096. */
  readonly side: number;
  /** Pixels of a tile's side: a power of two, up to `side`; default 16. */
  readonly tile?: number;
  /** From 1; default 1,000. */
  readonly maxIterations?: number;
  /**
   * 4 x side x side bytes: iterations are added to each pixel, so that a tile that ran twice shows.
   */
  readonly image: SharedArrayBuffer;
}

/** Four bits for the level (0 is the whole square), 13 for each coordinate of the tile. */
const [levelBits, placeBits] = [4, 13];
/** The square that is drawn: [-2, 0.5] x [-1.25, 1.25]. */
const [west, south, width] = [-2, -1.25, 2.5];

/** The sum is that of all iterations. */
export function mandelbrot(options: MandelbrotOptions): StealingProgram {
  onlyKnown("mandelbrot", options, ["side", "tile", "maxIterations", "image"]);
  const { side, tile = Math.min(16, options.side), maxIterations = 1_000 } = options;
  checkPower("side", side, 4_096);
  checkPower("tile", tile, side);
  wholeInRange("maxIterations", maxIterations, { min: 1, max: 1e9 });
  const image = new Int32Array(options.image);
  if (image.length !== side * side) {
    throw new RangeError(`image must have ${4 * side * side} bytes, but has ${4 * image.length}`);
  }

  function run(part: number, spawn: (part: number) => void): number {
    const level = part & (2 ** levelBits - 1);
    const x = (part >>> levelBits) & (2 ** placeBits - 1);
    const y = part >>> (levelBits + placeBits);
    const size = side >>> level;
    if (size <= tile) return draw(x * size, y * size, size);
    for (let i = 0; i < 4; i++) spawn(partOf(level + 1, 2 * x + (i >> 1), 2 * y + (i & 1)));
    return 0;
  }

  function draw(fromX: number, fromY: number, size: number): number {
    let sum = 0;
    for (let y = fromY; y < fromY + size; y++) {
      for (let x = fromX; x < fromX + size; x++) {
        const iterations = escape(west + (x * width) / side, south + (y * width) / side);
        image[y * side + x] += iterations;
        sum += iterations;
      }
    }
    return sum;
  }

  function escape(real: number, imaginary: number): number {
    let [a, b] = [0, 0];
    for (let i = 1; i <= maxIterations; i++) {
      const next = a * a - b * b + real;
      b = 2 * a * b + imaginary;
      a = next;
      if (a * a + b * b > 4) return i;
    }
    return maxIterations;
  }

  return { root: 0, run };
}

function partOf(level: number, x: number, y: number): number {
  return level | (x << levelBits) | (y << (levelBits + placeBits));
}

function checkPower(name: string, value: number, max: number): void {
  wholeInRange(name, value, { min: 1, max });
  if (Number.isInteger(Math.log2(value))) return;
  throw new RangeError(`${name} must be a power of two, but was ${value}`);
}
