/**
 * Iris codes of 2,048 bits whose Hamming distances are distributed as those of real eyes.
 *
 * Source: J. Daugman, "The importance of being random: statistical principles of iris recognition"
 * (Pattern Recognition 36, 2003): codes of different eyes differ in half of their bits, with the
 * spread of only 249 coin tosses, for neighbouring bits agree; and "How iris recognition works"
 * (IEEE TCSVT 14, 2004): two pictures of one eye, under poor conditions, differ in 0.110 +- 0.065
 * of them. The neighbours' agreement is a chain that flips with a fixed probability, the sticky
 * oscillator of his "Information theory and the IrisCode" (IEEE TIFS 11, 2016). Ours has no masks,
 * no rotations, one eye a person.
 * Guarantees: distance of two people 0.5 +- 0.0317, of one person's pictures 0.11 +- 0.065.
 * Cost: about 60 draws and half a microsecond a code.
 */
import type { Random } from "../../basics";

export const irisBits = 2_048;
export const irisBytes = irisBits / 8;
export const irisDegreesOfFreedom = 249;
/** Distances up to this are taken for the same eye; Daugman's usual bound for large registers. */
export const irisThreshold = 0.32;

const words = irisBits / 32;

/**
 * The XOR of two chains with neighbour correlation r is a chain with r squared, and the mean of n
 * bits of such a chain spreads as n (1 - r^2) / (1 + r^2) independent ones: solved for 249.
 */
const ratio = irisDegreesOfFreedom / irisBits;
const correlation = Math.sqrt((1 - ratio) / (1 + ratio));
export const flipProbability = (1 - correlation) / 2;

const runCells = 65_536;
let runs: Uint16Array | undefined;

/** Cell -> length of a run of equal bits: quantiles of the geometric distribution. */
function runTable(): Uint16Array {
  runs ??= Uint16Array.from({ length: runCells }, (_, cell) =>
    Math.ceil(Math.log1p(-(cell + 0.5) / runCells) / Math.log1p(-flipProbability)),
  );
  return runs;
}

/** Scratch space: random bits, and one bit for every place where the code flips. */
const drawn = new Uint32Array(32);
const flips = new Uint8Array(irisBytes);
const flipWords = new DataView(flips.buffer);

/** Fills `target` (256 bytes) with the code of a new eye. Draws are taken 32 at a time. */
export function drawIris(random: Random, target: Uint8Array): void {
  const lengths = runTable();
  flips.fill(0);
  random.fill(drawn);
  flips[0] = drawn[0] & 1;
  for (let at = 0, next = 1; at < irisBits; next++) {
    if (next === drawn.length) {
      random.fill(drawn);
      next = 0;
    }
    const bits = drawn[next];
    at += lengths[bits >>> 16];
    if (at < irisBits) flips[at >>> 3] ^= 1 << (at & 7);
    at += lengths[bits & 0xffff];
    if (at < irisBits) flips[at >>> 3] ^= 1 << (at & 7);
  }
  accumulate(target);
}

/** A bit is the parity of the flips up to it. */
function accumulate(target: Uint8Array): void {
  let carry = 0;
  for (let word = 0; word < words; word++) {
    let bits = flipWords.getInt32(word * 4, true);
    bits ^= bits << 1;
    bits ^= bits << 2;
    bits ^= bits << 4;
    bits ^= bits << 8;
    bits ^= bits << 16;
    bits ^= carry;
    carry = bits >> 31;
    target[word * 4] = bits;
    target[word * 4 + 1] = bits >>> 8;
    target[word * 4 + 2] = bits >>> 16;
    target[word * 4 + 3] = bits >>> 24;
  }
}

/**
 * The share of bits in which two pictures of one eye differ: mean 0.110, standard deviation 0.065.
 * P. Kumaraswamy's distribution (1980), a beta in all but name with a closed quantile.
 */
export function drawGenuineDistance(random: Random): number {
  return genuineDistance(random.next());
}

/** The distance of which a share of `quantile` (0 to 1) of pairs of pictures have less. */
export function genuineDistance(quantile: number): number {
  return Math.pow(1 - Math.pow(1 - quantile, 1 / 35.04), 1 / 1.71);
}

/** Turns `code` into another picture of the same eye, by flipping about that share of its bits. */
export function addIrisNoise(code: Uint8Array, rate: number, random: Random): void {
  const scale = 1 / Math.log1p(-Math.min(rate, 0.5));
  let at = -1;
  for (;;) {
    at += Math.ceil(Math.log1p(-random.next()) * scale) || 1;
    if (at >= irisBits) return;
    code[at >> 3] ^= 1 << (at & 7);
  }
}

/** The share of bits in which two codes of equal length differ, 0 to 1. */
export function irisDistance(a: Uint8Array, b: Uint8Array): number {
  let differing = 0;
  for (let i = 0; i < a.length; i++) differing += bitCount[a[i] ^ b[i]];
  return differing / (a.length * 8);
}

const bitCount = Uint8Array.from({ length: 256 }, (_, byte) => {
  let count = 0;
  for (let rest = byte; rest > 0; rest >>= 1) count += rest & 1;
  return count;
});
