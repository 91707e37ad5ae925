/** A column's values out of text or JSON, each with what is wrong where something is. */
import type { BadReason } from "./bad-rows";
import type { Column, ColumnKind } from "./column";

export type Value = string | number | boolean | null;

const kindReasons: Readonly<Record<ColumnKind, BadReason>> = {
  text: "not a text",
  integer: "not an integer",
  number: "not a number",
  boolean: "not a boolean",
  date: "not a date",
  timestamp: "not a timestamp",
};

const zero = 48;
const dash = 45;
const longestMonths = [0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Reads the values of one column. `fault` tells of the last one read. */
export class ValueParser {
  fault: BadReason | undefined;
  private readonly pattern: RegExp | undefined;
  private readonly values: ReadonlySet<string> | undefined;

  constructor(
    readonly name: string,
    readonly column: Column<unknown>,
  ) {
    const { pattern, values } = column;
    if (pattern !== undefined) this.pattern = new RegExp(pattern.source, pattern.flags);
    if (values !== undefined) this.values = new Set(values);
  }

  /** Nothing stands there. */
  missing(): null {
    this.fault = this.column.isNullable ? undefined : "missing";
    return null;
  }

  /** The value of a field of CSV; null where it is bad. */
  parseText(text: string): Value {
    switch (this.column.kind) {
      case "integer":
      case "number":
        return this.parseNumber(text);
      case "boolean":
        return this.parseTruth(text);
      default:
        return this.checkText(text);
    }
  }

  /** The value of a field of JSON; null where it is bad. */
  takeJson(value: unknown): Value {
    if (value === null || value === undefined) return this.missing();
    switch (this.column.kind) {
      case "integer":
      case "number":
        return typeof value === "number" ? this.checkNumber(value) : this.bad();
      case "boolean":
        this.fault = undefined;
        return typeof value === "boolean" ? value : this.bad();
      default:
        return typeof value === "string" ? this.checkText(value) : this.bad();
    }
  }

  private parseNumber(text: string): number | null {
    const isBlank = text.charCodeAt(0) <= 32 || text.charCodeAt(text.length - 1) <= 32;
    if (text === "" || isBlank || !/^[-+.0-9]/.test(text)) return this.bad();
    return /^.?0[xob]/i.test(text) ? this.bad() : this.checkNumber(Number(text));
  }

  checkNumber(value: number): number | null {
    const { kind, min, max } = this.column;
    const isKind = kind === "integer" ? Number.isSafeInteger(value) : Number.isFinite(value);
    if (!isKind) return this.bad();
    if (min !== undefined && value < (min as number)) return this.bad("below the least");
    if (max !== undefined && value > (max as number)) return this.bad("above the most");
    this.fault = undefined;
    return value;
  }

  private parseTruth(text: string): boolean | null {
    const [isTrue, isFalse] = this.column.truths ?? ["true", "false"];
    this.fault = undefined;
    if (text === isTrue) return true;
    return text === isFalse ? false : this.bad();
  }

  private checkText(text: string): string | null {
    const { kind, min, max } = this.column;
    if (kind === "date" && !this.isDate(text)) return null;
    if (kind === "timestamp" && !this.isTimestamp(text)) return null;
    if (this.values !== undefined && !this.values.has(text)) {
      return this.bad("not one of the values");
    }
    if (this.pattern !== undefined && !this.pattern.test(text)) return this.bad("no match");
    if (min !== undefined && text < (min as string)) return this.bad("below the least");
    if (max !== undefined && text > (max as string)) return this.bad("above the most");
    this.fault = undefined;
    return text;
  }

  private isDate(text: string): boolean {
    if (text.length === 10) return this.isDay(text);
    this.bad();
    return false;
  }

  /** By the Gregorian calendar, also before it began. */
  private isDay(text: string): boolean {
    const year = digits(text, 0, 4);
    const month = digits(text, 5, 7);
    const day = digits(text, 8, 10);
    const isShaped = text.charCodeAt(4) === dash && text.charCodeAt(7) === dash;
    if (!isShaped || year < 0 || month < 0 || day < 0) this.bad();
    else if (!isCalendarDay(year, month, day)) this.bad("no such day");
    else return true;
    return false;
  }

  private isTimestamp(text: string): boolean {
    const isShaped = /^.{10}T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?$/.test(text);
    if (isShaped) return this.isDay(text);
    this.bad();
    return false;
  }

  private bad(reason: BadReason = kindReasons[this.column.kind]): null {
    this.fault = reason;
    return null;
  }
}

function isCalendarDay(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1 || day > longestMonths[month]) return false;
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return month !== 2 || day !== 29 || isLeap;
}

/** The number of the digits; negative where one is none. */
function digits(text: string, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at++) {
    const digit = text.charCodeAt(at) - zero;
    if (!(digit >= 0 && digit <= 9)) return -1;
    value = value * 10 + digit;
  }
  return value;
}
