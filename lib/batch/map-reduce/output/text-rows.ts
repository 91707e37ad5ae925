/** Rows of an answer as lines of JSON or CSV. */
import { InputError } from "../../../basics";
import type { ResultRow } from "../job";

/** What the key of an answer is made of. */
export interface AnswerShape {
  /** One a part of the key. */
  readonly keyColumns: readonly string[];
  /** The parts of a row's key; one for each key column. */
  readonly keyParts: (key: string) => readonly string[];
  /** How a key is shown in one text. */
  readonly keyText: (key: string) => string;
}

export interface RowText {
  /** The line of a row, with its end; before the first, whatever comes before rows. */
  line(row: ResultRow<unknown>): string;
  /** What an answer without rows has to say. */
  empty(): string;
}

export class JsonRows implements RowText {
  constructor(private readonly shape: AnswerShape) {}

  line({ key, value }: ResultRow<unknown>): string {
    return JSON.stringify({ key: this.shape.keyText(key), value }) + "\n";
  }

  empty(): string {
    return "";
  }
}

export type ColumnType = "BIGINT" | "DOUBLE" | "BOOLEAN" | "VARCHAR";

/**
 * CSV with a header line. A value that is an object has a column for each of its fields, which the
 * first row tells; any other value is the column "value", a list as JSON.
 */
export class CsvRows implements RowText {
  /** Fields of the values; undefined: they are no objects. */
  private fields: readonly string[] | undefined;
  private types: (ColumnType | undefined)[] | undefined;

  constructor(private readonly shape: AnswerShape) {}

  line({ key, value }: ResultRow<unknown>): string {
    let header = "";
    if (this.types === undefined) {
      this.fields = isObject(value) ? Object.keys(value) : undefined;
      this.types = new Array<ColumnType | undefined>(this.fields?.length ?? 1).fill(undefined);
      header = textOf([...this.shape.keyColumns, ...(this.fields ?? ["value"])]);
    }
    const values = this.fields === undefined ? [value] : fieldsOf(value, this.fields);
    this.noteTypes(values);
    return header + textOf([...this.shape.keyParts(key), ...values]);
  }

  empty(): string {
    return textOf([...this.shape.keyColumns, "value"]);
  }

  /** The names of all columns with their types, known after the last row. Keys are texts. */
  columns(): [name: string, type: ColumnType][] {
    const keys = this.shape.keyColumns.map((name) => [name, "VARCHAR"] as [string, ColumnType]);
    const values = this.fields ?? ["value"];
    return [
      ...keys,
      ...values.map((name, i) => [name, this.types?.[i] ?? "VARCHAR"] as [string, ColumnType]),
    ];
  }

  private noteTypes(values: readonly unknown[]): void {
    const types = this.types as (ColumnType | undefined)[];
    for (let i = 0; i < values.length; i++) types[i] = widened(types[i], values[i]);
  }
}

/** The type that holds what was seen so far and the value. */
function widened(seen: ColumnType | undefined, value: unknown): ColumnType | undefined {
  if (value === null || value === undefined) return seen;
  const type = typeOf(value);
  if (seen === undefined || seen === type) return type;
  const isNumber = (t: ColumnType): boolean => t === "BIGINT" || t === "DOUBLE";
  return isNumber(seen) && isNumber(type) ? "DOUBLE" : "VARCHAR";
}

function typeOf(value: unknown): ColumnType {
  if (typeof value === "number") return Number.isSafeInteger(value) ? "BIGINT" : "DOUBLE";
  return typeof value === "boolean" ? "BOOLEAN" : "VARCHAR";
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fieldsOf(value: unknown, fields: readonly string[]): unknown[] {
  const known = new Set(fields);
  const stranger = isObject(value) ? Object.keys(value).find((name) => !known.has(name)) : "";
  if (isObject(value) && stranger === undefined) return fields.map((name) => value[name]);
  const seen = stranger ? `the field "${stranger}"` : JSON.stringify(value);
  throw new InputError(
    `rows of CSV and Parquet need the same fields (${fields.join(", ")}), but one has ${seen}: ` +
      `write .jsonl, or let reduce give all rows the same fields`,
  );
}

function textOf(fields: readonly unknown[]): string {
  let line = fieldText(fields[0]);
  for (let i = 1; i < fields.length; i++) line += "," + fieldText(fields[i]);
  return line + "\n";
}

/** RFC 4180, section 2, rules 5 to 7. Nothing for null; a text that is empty in quotes. */
function fieldText(value: unknown): string {
  if (typeof value === "number") return String(value);
  if (value === null || value === undefined) return "";
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  return text === "" || /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}
