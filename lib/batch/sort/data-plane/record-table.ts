/** Where the records of a chunk are and the first 8 bytes of their keys, as columns. */
import type { Arena } from "./arena";

export interface RecordTable {
  /** Address in the arena. */
  readonly starts: Uint32Array;
  /** Bytes, the line end included. */
  readonly lengths: Uint32Array;
  /** Prefixes: numbers in the order of the keys; records that share one are compared whole. */
  readonly high: Uint32Array;
  readonly low: Uint32Array;
  /** For sorting. */
  readonly scratch: readonly [Uint32Array, Uint32Array, Uint32Array, Uint32Array];
  count: number;
}

export const tableBytesPerRecord = 32;

/** A table for `capacity` records at the address `at` of the arena. */
export function makeTable(arena: Arena, at: number, capacity: number): RecordTable {
  const column = (index: number): Uint32Array => arena.words(at + index * 4 * capacity, capacity);
  return {
    starts: column(0),
    lengths: column(1),
    high: column(2),
    low: column(3),
    scratch: [column(4), column(5), column(6), column(7)],
    count: 0,
  };
}
