/** What was wrong with the rows of a table: counts of everything, places of the first few. */

/** What is wrong with a value; the last three with a whole line. */
export type BadReason =
  | "missing"
  | "not a text"
  | "not an integer"
  | "not a number"
  | "not a boolean"
  | "not a date"
  | "no such day"
  | "not a timestamp"
  | "below the least"
  | "above the most"
  | "no match"
  | "not one of the values"
  | "too few fields"
  | "too many fields"
  | "not JSON";

export interface BadValue {
  readonly file: string;
  /** From 1; the header line counts. Of a Parquet file the number of the row, from 1. */
  readonly line: number;
  /** Empty where the whole line is meant. */
  readonly column: string;
  /** As it stands in the file, cut after 60 characters; empty where nothing stands. */
  readonly value: string;
  readonly reason: BadReason;
}

export interface BadCount {
  readonly column: string;
  readonly reason: BadReason;
  readonly values: number;
}

export interface BadRows {
  /** Rows that were looked at. */
  readonly rows: number;
  /** Those with a bad value, or more. */
  readonly badRows: number;
  /** Bad values in all. */
  readonly badValues: number;
  readonly byReason: Readonly<Partial<Record<BadReason, number>>>;
  /** Most first. */
  readonly counts: readonly BadCount[];
  /** The first ones, in the order of the files. */
  readonly listed: readonly BadValue[];
}

/** A bad value where it was found: at a byte its line begins at; of Parquet, the row, from 0. */
export type PlacedValue = Omit<BadValue, "line"> & { readonly atByte: number };

const longestShown = 60;

/** What one reader found: plain data. */
export interface FoundBadRows extends Pick<BadRows, "rows" | "badRows" | "counts"> {
  readonly listed: readonly PlacedValue[];
}

/** Gathers what a reader finds. What several readers found is joined by `add`. */
export class BadRowCounter {
  rows = 0;
  badRows = 0;
  readonly listed: PlacedValue[] = [];
  private readonly values = new Map<string, number>();

  /** `maxListed`: places kept; the rest is counted alone. */
  constructor(private readonly maxListed: number) {}

  note(value: PlacedValue): void {
    this.count(value.column, value.reason, 1);
    if (this.listed.length >= this.maxListed) return;
    this.listed.push({ ...value, value: value.value.slice(0, longestShown) });
  }

  add({ rows, badRows, counts, listed }: FoundBadRows): void {
    this.rows += rows;
    this.badRows += badRows;
    for (const { column, reason, values } of counts) this.count(column, reason, values);
    this.listed.push(...listed.slice(0, this.maxListed - this.listed.length));
  }

  /** For `add` of another counter. */
  found(): FoundBadRows {
    const { rows, badRows, listed } = this;
    return { rows, badRows, counts: this.counts(), listed };
  }

  counts(): BadCount[] {
    const all = [...this.values].map(([key, values]) => {
      const [reason, column] = JSON.parse(key) as [BadReason, string];
      return { column, reason, values };
    });
    return all.sort((a, b) => b.values - a.values);
  }

  private count(column: string, reason: BadReason, values: number): void {
    const key = JSON.stringify([reason, column]);
    this.values.set(key, (this.values.get(key) ?? 0) + values);
  }
}

/** The report; `lines` are those of the listed values. */
export function reportOf(counter: BadRowCounter, lines: readonly number[]): BadRows {
  const counts = counter.counts();
  const byReason: Partial<Record<BadReason, number>> = {};
  for (const { reason, values } of counts) byReason[reason] = (byReason[reason] ?? 0) + values;
  const { rows, badRows } = counter;
  const badValues = counts.reduce((sum, { values }) => sum + values, 0);
  const listed = counter.listed.map(({ atByte: _atByte, ...value }, i) => ({
    ...value,
    line: lines[i],
  }));
  return { rows, badRows, badValues, byReason, counts, listed };
}

/** As one sentence. */
export function sentenceOf({ file, line, column, value, reason }: BadValue): string {
  const where = `${file}, ${file.endsWith(".parquet") ? "row" : "line"} ${line}`;
  if (column === "") return `${where}: ${reason}`;
  if (reason === "missing") return `${where}: the column "${column}" is empty`;
  return `${where}, column "${column}": ${JSON.stringify(value)} is ${wording[reason] ?? reason}`;
}

const wording: Partial<Record<BadReason, string>> = {
  "no match": "no match of the pattern",
};
