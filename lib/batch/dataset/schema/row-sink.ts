/** Where readers put rows: decides what becomes of bad ones. */
import type { BadReason, BadRowCounter, PlacedValue } from "./bad-rows";
import type { Value } from "./parse-value";

/**
 * What becomes of a row with a bad value: "fail" ends the reading with its place, "drop" leaves the
 * row out, "null" puts null in the place of the value. A line that is not JSON is left out always.
 */
export type OnBadRow = "fail" | "drop" | "null";

export type PlainRow = Readonly<Record<string, Value>>;

/** Thrown by "fail"; whoever knows the files makes a sentence of it. */
export class BadRowError extends Error {
  constructor(readonly found: PlacedValue) {
    super(`${found.file}, at byte ${found.atByte}: ${found.column} is ${found.reason}`);
  }
}

export class RowSink {
  private file = "";
  private atByte = 0;
  private badValues = 0;

  /** `keep` is told the rows that count. */
  constructor(
    private readonly counter: BadRowCounter,
    private readonly onBad: OnBadRow,
    private readonly keep: (row: PlainRow) => void,
  ) {}

  begin(file: string, atByte: number): void {
    this.file = file;
    this.atByte = atByte;
    this.badValues = 0;
    this.counter.rows++;
  }

  bad(column: string, value: string, reason: BadReason): void {
    const { file, atByte } = this;
    const found = { file, atByte, column, value, reason };
    this.counter.note(found);
    this.badValues++;
    if (this.onBad === "fail") throw new BadRowError(found);
  }

  /** Undefined: nothing of the line can be kept. */
  end(row: PlainRow | undefined): void {
    if (this.badValues > 0) this.counter.badRows++;
    if (row === undefined || (this.badValues > 0 && this.onBad === "drop")) return;
    this.keep(row);
  }
}
