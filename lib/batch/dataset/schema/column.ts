/** Declared columns: plain data, so that a schema travels to worker threads as it is. */
import { InputError } from "../../../basics";

export type ColumnKind = "text" | "integer" | "number" | "boolean" | "date" | "timestamp";

/** A column whose values are of type `T`, or null where `isNullable`. */
export interface Column<T> {
  readonly kind: ColumnKind;
  readonly isNullable: boolean;
  /** Bounds, both allowed values: of numbers, or of dates and timestamps as text. */
  readonly min?: number | string;
  readonly max?: number | string;
  readonly pattern?: { readonly source: string; readonly flags: string };
  /** The only texts that there may be. */
  readonly values?: readonly string[];
  /** What stands for true and for false in CSV. */
  readonly truths?: readonly [isTrue: string, isFalse: string];
  /** Never there: it only carries the type. */
  readonly holds?: T;
}

export interface NumberBounds {
  readonly min?: number;
  readonly max?: number;
}

/** As text, in the form of the column. */
export interface TimeBounds {
  readonly from?: string;
  readonly to?: string;
}

/** Any text; with a pattern only one that matches. */
function text(options: { readonly pattern?: RegExp } = {}): Column<string> {
  const { pattern } = options;
  if (pattern === undefined) return { kind: "text", isNullable: false };
  const { source, flags } = pattern;
  if (/[gy]/.test(flags)) {
    throw new InputError(`the pattern ${String(pattern)} remembers its last match: leave out g, y`);
  }
  return { kind: "text", isNullable: false, pattern: { source, flags } };
}

/** A whole number that JavaScript holds exactly. Numbers of digits with a first zero are texts. */
function integer(bounds: NumberBounds = {}): Column<number> {
  return { kind: "integer", isNullable: false, ...ordered(bounds.min, bounds.max) };
}

/** A finite number. */
function number(bounds: NumberBounds = {}): Column<number> {
  return { kind: "number", isNullable: false, ...ordered(bounds.min, bounds.max) };
}

/** In CSV the two texts of `truths`, "true" and "false" unless told; in JSON true and false. */
function boolean(options: { readonly truths?: readonly [string, string] } = {}): Column<boolean> {
  const { truths = ["true", "false"] } = options;
  if (truths[0] === truths[1]) throw new InputError(`"${truths[0]}" is both true and false`);
  return { kind: "boolean", isNullable: false, truths };
}

/** A day of the calendar as "2026-01-15"; a text in rows too, which sorts by time. */
function date(bounds: TimeBounds = {}): Column<string> {
  return { kind: "date", isNullable: false, ...ordered(bounds.from, bounds.to) };
}

/** "2026-01-15T10:00:00" with up to nine digits of a second, without a zone; a text in rows too. */
function timestamp(bounds: TimeBounds = {}): Column<string> {
  return { kind: "timestamp", isNullable: false, ...ordered(bounds.from, bounds.to) };
}

/** One of a few texts. */
function oneOf<const T extends string>(values: readonly T[]): Column<T> {
  if (values.length === 0) throw new InputError("a column of one of no values holds nothing");
  return { kind: "text", isNullable: false, values };
}

/** The same column where nothing may stand: an empty field of CSV, null or no field in JSON. */
function optional<T>(column: Column<T>): Column<T | null> {
  return { ...column, isNullable: true } as Column<T | null>;
}

function ordered<B extends number | string>(min?: B, max?: B): { min?: B; max?: B } {
  if (min !== undefined && max !== undefined && min > max) {
    throw new RangeError(`the least value of a column, ${min}, is above the most, ${max}`);
  }
  return { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
}

/** What a column may hold. */
export const column = { text, integer, number, boolean, date, timestamp, oneOf, optional } as const;
