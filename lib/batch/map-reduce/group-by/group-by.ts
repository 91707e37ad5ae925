/**
 * `groupBy`: a job that is told, not programmed: a key of columns, and counts, sums, minima, maxima
 * and means of others. It runs on the bytes of the lines; no text is made before the answer.
 */
import { InputError, wholeInRange } from "../../../basics";

/** A column, or the bytes [from, to) of one, as the hour of a time. */
export type KeyPart = string | ColumnSlice;

export interface ColumnSlice {
  readonly column: string;
  readonly from: number;
  readonly to: number;
}

/** The text that a column must have, or one of several, or the one that it must not have. */
export type Condition = string | readonly string[] | { readonly not: string };

/** What is kept of a group; a mean needs two. Two groups are merged cell by cell. */
export interface Cell {
  readonly kind: "rows" | "values" | "sum" | "min" | "max";
  /** "" for rows. */
  readonly column: string;
}

export interface Aggregate<Value = number | null> {
  readonly cells: readonly Cell[];
  /** Only tells the type of the value; never there. */
  readonly value?: Value;
}

/** One aggregate, or several by name. */
export type Aggregates = Aggregate | Readonly<Record<string, Aggregate>>;

/** A number for one aggregate, an object of numbers for several. */
export type GroupByResult<A extends Aggregates> =
  A extends Aggregate<infer Value>
    ? Value
    : { readonly [Name in keyof A]: A[Name] extends Aggregate<infer Value> ? Value : never };

export interface GroupByJob<Result = unknown> {
  readonly kind: "groupBy";
  readonly name: string;
  readonly key: readonly ColumnSlice[];
  readonly separator: string;
  readonly where: Readonly<Record<string, Condition>>;
  readonly aggregates: Aggregates;
  readonly top?: Top;
  /** Only tells the type of a row's value; never there. */
  readonly result?: Result;
}

/** How many rows the group has. */
export function count(): Aggregate<number> {
  return { cells: [{ kind: "rows", column: "" }] };
}

/** The sum of the numbers in a column; null where all fields of the group are empty, as in SQL. */
export function sum(column: string): Aggregate {
  return { cells: [{ kind: "sum", column }] };
}

/** The least number in a column; null where there is none. */
export function min(column: string): Aggregate {
  return { cells: [{ kind: "min", column }] };
}

/** The greatest number in a column; null where there is none. */
export function max(column: string): Aggregate {
  return { cells: [{ kind: "max", column }] };
}

/** The mean of the numbers in a column; null where there is none. */
export function mean(column: string): Aggregate {
  return {
    cells: [
      { kind: "sum", column },
      { kind: "values", column },
    ],
  };
}

/** The bytes [from, to) of a column as a part of a key: slice("time", 11, 13) is the hour. */
export function slice(column: string, from: number, to: number): ColumnSlice {
  const isRange = Number.isInteger(from) && Number.isInteger(to) && 0 <= from && from < to;
  if (!isRange) throw new RangeError(`slice needs 0 <= from < to, but got ${from} and ${to}`);
  return { column, from, to };
}

/** Only the groups with the greatest numbers. */
export interface Top {
  /** How many; those of equal number by their keys. 1 to a million. */
  readonly count: number;
  /** The name of an aggregate; "value" where there is one without a name. */
  readonly by: string;
}

export interface GroupBySpec<A extends Aggregates> {
  readonly name?: string;
  readonly key: KeyPart | readonly KeyPart[];
  /** Stands between the parts of a key in the answer; default ",". */
  readonly separator?: string;
  readonly aggregates: A;
  /** Rows that count, by columns: { quota: "TQ", class: { not: "" } }. Default: all. */
  readonly where?: Readonly<Record<string, Condition>>;
  /** Only the groups with the greatest numbers, greatest first. Default: all, by their keys. */
  readonly top?: Top;
}

/**
 * A job for `mapReduce` over CSV files: one group for each key, with its aggregates. A field that
 * should be a number and is none makes a bad record. Sums of whole numbers are exact up to 2 to the
 * 53. Throws InputError without key or aggregates.
 */
export function groupBy<A extends Aggregates>(spec: GroupBySpec<A>): GroupByJob<GroupByResult<A>> {
  const parts = Array.isArray(spec.key) ? (spec.key as readonly KeyPart[]) : [spec.key as KeyPart];
  if (parts.length === 0) throw new InputError("groupBy needs a key: name at least one column");
  const key = parts.map((part) =>
    typeof part === "string" ? { column: part, from: 0, to: 2 ** 30 } : part,
  );
  const { aggregates, separator = ",", where = {}, top } = spec;
  if (Object.keys(aggregates).length === 0) {
    throw new InputError("groupBy needs aggregates, such as { requests: count() }");
  }
  const name = spec.name ?? `group by ${key.map(({ column }) => column).join(", ")}`;
  if (top !== undefined) checkTop(top, aggregates);
  return { kind: "groupBy", name, key, separator, where, aggregates, top };
}

function checkTop({ count, by }: Top, aggregates: Aggregates): void {
  wholeInRange("top.count", count, { min: 1, max: 1e6 });
  const names = Array.isArray(aggregates.cells) ? ["value"] : Object.keys(aggregates);
  if (names.includes(by)) return;
  throw new InputError(`top.by names no aggregate: choose one of ${names.join(", ")}, not "${by}"`);
}

export function isGroupBy(job: object): job is GroupByJob {
  return (job as Partial<GroupByJob>).kind === "groupBy";
}
