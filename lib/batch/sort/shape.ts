/** What is sorted and by what: plain data, which travels to the threads as it is. */
import { InputError, wholeInRange } from "../../basics";
import type { ShippedFunctions } from "../../basics/ship-functions";

/** One column to sort by. */
export interface SortKey {
  /** From 1, as in `sort -k`; 0 is the whole line. Default 0. */
  readonly column?: number;
  /**
   * "text": by bytes, as LC_ALL=C does. "number": by the decimal number at its beginning, as
   * `sort -n` does: blanks, a minus sign, digits, a point, digits; what is none of these counts as
   * 0. Default "text".
   */
  readonly kind?: "text" | "number";
  /** Default "ascending". */
  readonly order?: "ascending" | "descending";
}

/** Lines, each cut into columns by one separator. */
export interface LineShape {
  readonly kind: "lines";
  /** One byte; default ",". */
  readonly separator?: string;
  /**
   * One byte, '"' for CSV (RFC 4180): a column that begins with it ends with it, may hold
   * separators, and is sorted by what is between. A line end in quotes is refused. Default: none,
   * quotes mean nothing.
   */
  readonly quote?: string;
  /** The most significant first; lines equal in all stay in their order. Default: whole lines. */
  readonly keys?: readonly SortKey[];
}

/** Records of a fixed size without separators, by the bytes at their beginning. */
export interface RecordShape {
  readonly kind: "records";
  /** Default 100, as in the sort benchmark (sortbenchmark.org). */
  readonly recordBytes?: number;
  /** Default 10. */
  readonly keyBytes?: number;
}

/** Lines in the order of a function's, whose source text travels. */
export interface ComparedShape extends ShippedFunctions {
  readonly kind: "compared";
}

export type SortShape = LineShape | RecordShape | ComparedShape;

export const newline = 10;
const mostColumns = 100_000;

export function separatorByte({ separator = "," }: LineShape): number {
  return separator.charCodeAt(0);
}

/** The size of a record and its key; throws RangeError for what cannot be. */
export function recordSizes({ recordBytes = 100, keyBytes = 10 }: RecordShape): {
  recordBytes: number;
  keyBytes: number;
} {
  wholeInRange("recordBytes", recordBytes, { min: 1, max: 2 ** 20 });
  wholeInRange("keyBytes", keyBytes, { min: 1, max: recordBytes });
  return { recordBytes, keyBytes };
}

/** Throws RangeError or InputError, naming the option that cannot be. */
export function checkShape(shape: SortShape): void {
  if (shape.kind === "records") return void recordSizes(shape);
  if (shape.kind === "compared") return;
  const { separator = ",", quote, keys = [] } = shape;
  if (Buffer.byteLength(separator) !== 1 || separator === "\n") {
    const told = JSON.stringify(separator);
    throw new InputError(`the separator is one byte that is no line end, but was ${told}`);
  }
  const isQuote = quote === undefined || (Buffer.byteLength(quote) === 1 && !/[\r\n]/.test(quote));
  if (!isQuote || quote === separator) {
    const told = JSON.stringify(quote);
    throw new InputError(`the quote is one byte, no line end and no separator, but was ${told}`);
  }
  for (const { column = 0 } of keys) {
    wholeInRange("a key's column", column, { min: 0, max: mostColumns });
  }
}
