/** The order of records by their keys, on the bytes of an arena. */
import type { RecordTable } from "./record-table";

export interface KeyOrder {
  /** Fills `high` and `low` of all records of the table. */
  readPrefixes(table: RecordTable): void;
  /** Negative when the record at `left` comes first; whole keys, the prefix included. */
  compare(left: number, leftBytes: number, right: number, rightBytes: number): number;
  /** The key for those who do not have the bytes: compared as text, in the order of the keys. */
  encode(start: number, bytes: number): EncodedKey;
}

/** One character a byte. */
export interface EncodedKey {
  readonly key: string;
  /** False: cut off at `longestEncodedKey`. */
  readonly isWhole: boolean;
}
