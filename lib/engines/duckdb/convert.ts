/** DuckDB's values as plain data of JavaScript, by the rules that `Engine.sql` tells. */
import type {
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBType,
  DuckDBValue,
} from "@duckdb/node-api";
import { InputError } from "../../basics";
import type { ColumnKind } from "../engine";

/** Never gets null. */
type Convert = (value: DuckDBValue) => unknown;

/** What whole numbers become: a number, where it holds them exactly, or a bigint always. */
export type WholeNumbers = "number" | "bigint";

/** A number holds every decimal of so many digits, so that it shows the same text. */
const exactDigits = 15;

const kinds: Readonly<Record<string, ColumnKind>> = {
  BOOLEAN: "boolean",
  DATE: "date",
  BLOB: "bytes",
  FLOAT: "number",
  DOUBLE: "number",
  ARRAY: "list",
  LIST: "list",
  MAP: "list",
  STRUCT: "struct",
};

const wide = ["BIGINT", "UBIGINT", "HUGEINT", "UHUGEINT", "BIGNUM"];

export function kindOf(type: DuckDBType): ColumnKind {
  const name = baseName(type);
  if (name.startsWith("TIMESTAMP")) return "timestamp";
  if (name.startsWith("DECIMAL")) return "number";
  return kinds[name] ?? (/INT$|^INTEGER$|^BIGNUM$/.test(name) ? "integer" : "text");
}

/** The name without widths, fields and elements: LIST for INTEGER[]. */
function baseName(type: DuckDBType): string {
  const text = String(type);
  if (text.endsWith("[]")) return "LIST";
  return text.endsWith("]") ? "ARRAY" : text.replace(/[(].*$/s, "");
}

/** For a column of the type; `column` is its name for errors. */
export function converter(type: DuckDBType, column: string, whole: WholeNumbers): Convert {
  const name = baseName(type);
  switch (kindOf(type)) {
    case "boolean":
      return (value) => value;
    case "number":
      return name === "DECIMAL" ? decimal(column) : (value) => value;
    case "integer":
      return wide.includes(name) ? wholeNumber(column, whole) : (value) => value;
    case "date":
      return dateText;
    case "timestamp":
      return name === "TIMESTAMP WITH TIME ZONE" ? instantText : timestampText;
    case "bytes":
      return (value) => Uint8Array.from((value as unknown as { bytes: Uint8Array }).bytes);
    case "list":
    case "struct":
      return nested(type, column, whole);
    default:
      return String;
  }
}

function wholeNumber(column: string, whole: WholeNumbers): Convert {
  if (whole === "bigint") return (value) => value;
  return (value) => {
    const number = Number(value as bigint);
    if (Number.isSafeInteger(number)) return number;
    throw new InputError(
      `column "${column}" holds ${String(value)}, beyond what a number holds exactly: ask for ` +
        `duckDb({ wholeNumbers: "bigint" }), or cast it to varchar or double`,
    );
  };
}

function decimal(column: string): Convert {
  return (given) => {
    const value = given as DuckDBDecimalValue;
    const digits = String(value.value).replace(/^-|0+$/g, "").length;
    if (digits <= exactDigits) return Number(String(value));
    throw new InputError(
      `column "${column}" holds ${String(value)}, of more digits than a number holds exactly: ` +
        `cast it to varchar or double`,
    );
  };
}

function dateText(value: DuckDBValue): string {
  const date = value as DuckDBDateValue;
  return date.isFinite ? String(date) : endless(date.days);
}

function endless(sign: number | bigint): string {
  return sign < 0 ? "-infinity" : "infinity";
}

/** "2026-01-15 10:00:00" becomes "2026-01-15T10:00:00.000". */
function timestampText(value: DuckDBValue): string {
  const { isFinite = true, micros } = value as DuckDBTimestampValue;
  if (!isFinite) return endless(micros);
  const match = /^(\d{4,}-\d\d-\d\d) (\d\d:\d\d:\d\d)(\.\d+)?$/.exec(String(value));
  if (match === null) return String(value); // before Christ
  return `${match[1]}T${match[2]}${(match[3] ?? ".").padEnd(4, "0")}`;
}

/** In UTC: the package's own text is in the zone of the machine. */
function instantText(value: DuckDBValue): string {
  const { timestampValue } = require("@duckdb/node-api") as typeof import("@duckdb/node-api");
  return `${timestampText(timestampValue((value as DuckDBTimestampTZValue).micros))}Z`;
}

/** A map becomes a list of pairs [key, value]. */
function nested(type: DuckDBType, column: string, whole: WholeNumbers): Convert {
  const parts = type as unknown as {
    readonly keyType: DuckDBType;
    readonly valueType: DuckDBType;
    readonly entryNames: readonly string[];
    readonly entryTypes: readonly DuckDBType[];
  };
  const inner = (of: DuckDBType): Convert => orNull(converter(of, column, whole));
  if (baseName(type) === "MAP") {
    const [key, value] = [inner(parts.keyType), inner(parts.valueType)];
    return (map) => (map as DuckDBMapValue).entries.map((e) => [key(e.key), value(e.value)]);
  }
  if (baseName(type) !== "STRUCT") {
    const element = inner(parts.valueType);
    return (list) => (list as DuckDBListValue).items.map(element);
  }
  const fields = parts.entryNames.map((name, i) => [name, inner(parts.entryTypes[i])] as const);
  return (struct) => {
    const { entries } = struct as DuckDBStructValue;
    return Object.fromEntries(fields.map(([name, field]) => [name, field(entries[name])]));
  };
}

export function orNull(convert: Convert): Convert {
  return (value) => (value === null ? null : convert(value));
}
