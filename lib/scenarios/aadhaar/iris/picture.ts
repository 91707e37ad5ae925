/** The shape of an iris picture: 256 bytes of code, a column a byte, then 256 bytes of mask. */
import * as made from "../../../generators";

// Own constants: names that are exported again are read through a function, slow in inner loops.
export const irisBits = made.irisBits;
export const irisColumns = made.irisColumns;
export const irisPictureBytes = made.irisPictureBytes;
export const irisBytes = irisBits / 8;

/** Pictures that a matcher compares in one call, at most. */
export const maxBatch = 4_096;
/** A matcher's scratch space: two copies of the probe's code, two of its mask, and the counts. */
export const maskAt = 2 * irisBytes;
export const countsAt = maskAt + 2 * irisBytes;
export const scratchBytes = countsAt + 4 * maxBatch;

/** 0, then 1 and -1, 2 and -2 ...: all turns by at most `most` columns, the likely ones first. */
export function turnsUpTo(most: number): Int8Array {
  const turns = [0];
  for (let turn = 1; turn <= most; turn++) turns.push(turn, -turn);
  return Int8Array.from(turns);
}

/**
 * Columns that are looked at first, kept apart so that they are next to each other in memory: 64 of
 * the code and then of the mask, from `glanceAt` on, between the lids. Of them 48 are compared,
 * `glanceMargin` from the start: the others leave room for turns.
 */
export const glanceAt = 96;
export const glanceBytes = 64;
export const glanceColumns = 48;
export const glanceMargin = 8;
