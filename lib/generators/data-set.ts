/**
 * What every generated data set is: rows made in blocks, each from the seed and its own number
 * alone. So any number of workers gives the same bytes, and memory does not grow with the rows.
 */
export type TextFormat = "csv" | "jsonl";

export interface Spec {
  /** Rows in all. */
  readonly rows: number;
  /** Any whole number: the same seed gives the same bytes. */
  readonly seed: number;
  /** The share of rows (0 to 1) in which a fault is planted; default 0. */
  readonly faults?: number;
}

export interface EncodedBlock {
  readonly rows: number;
  readonly bytes: Uint8Array;
  /** JSON lines that tell which faults were planted; empty when none were. */
  readonly truth: string;
}

export interface DataSet {
  readonly name: string;
  /** The first line of the CSV form, with its line end. */
  readonly csvHeader: string;
  /** DuckDB types of columns that are not text, for Parquet; all others are VARCHAR. */
  columnTypes(spec: Spec): Readonly<Record<string, string>>;
  /** Small tables that the rows refer to, by the end of the name of the file: `<out>.<end>`. */
  sideTables?(spec: Spec): Readonly<Record<string, string>>;
  blockCount(spec: Spec): number;
  encode(spec: Spec, block: number, format: TextFormat): EncodedBlock;
}

/** Rows as JSON lines, in bytes. */
export function jsonLines(rows: number, rowAt: (row: number) => object): Uint8Array {
  let text = "";
  for (let row = 0; row < rows; row++) text += JSON.stringify(rowAt(row)) + "\n";
  return Buffer.from(text);
}

/** Planted faults as JSON lines. */
export function truthLines(truth: readonly object[]): string {
  return truth.map((planted) => JSON.stringify(planted) + "\n").join("");
}
