/**
 * Rows of a schema out of a Parquet file. A split is a range of bytes, as of any file; here it is
 * the same share of the rows.
 */
import { statSync } from "fs";
import { InputError } from "../../../basics";
import type { Split } from "../../map-reduce/tasks";
import { ValueParser } from "./parse-value";
import type { Value } from "./parse-value";
import type { RowSink } from "./row-sink";
import type { Schema } from "./schema";

/** A row is placed by its number, from 0. Throws InputError when the file lacks a column. */
export async function readParquetSplit(
  schema: Schema,
  { file, startByte, endByte }: Split,
  { sink, isWanted }: { readonly sink: RowSink; readonly isWanted: () => boolean },
): Promise<void> {
  const parquet = require("../data-plane/parquet") as typeof import("../data-plane/parquet");
  const { rows, columns } = await parquet.describeParquet(file);
  const names = Object.keys(schema.columns);
  const missing = names.find((name) => !columns.includes(name));
  if (missing !== undefined) {
    throw new InputError(
      `${file} has no column "${missing}": its columns are ${columns.join(", ")}`,
    );
  }
  const parsers = Object.entries(schema.columns).map(([name, column]) => {
    return new ValueParser(name, column);
  });
  const { size } = statSync(file);
  const rowAt = (byte: number): number => Math.floor((byte / size) * rows);
  let at = rowAt(startByte);
  const part = { file, from: at, to: rowAt(endByte), columns: names };
  await parquet.streamParquet(part, (values) => {
    for (const row of values) {
      sink.begin(file, at++);
      sink.end(readRow(row, { parsers, sink, plain: parquet.plain }));
    }
    return isWanted();
  });
}

interface RowReading {
  readonly parsers: readonly ValueParser[];
  readonly sink: RowSink;
  readonly plain: (value: unknown) => unknown;
}

function readRow(
  values: readonly unknown[],
  { parsers, sink, plain }: RowReading,
): Record<string, Value> {
  const row: Record<string, Value> = {};
  for (let i = 0; i < parsers.length; i++) {
    const parser = parsers[i] as ValueParser;
    const given = jsonOf(plain(values[i]), values[i], parser.column.kind);
    row[parser.name] = parser.takeJson(given);
    if (parser.fault !== undefined) sink.bad(parser.name, shown(given), parser.fault);
  }
  return row;
}

/** As JSON would have it: decimals are numbers, times are texts with a T, lists are neither. */
function jsonOf(value: unknown, original: unknown, kind: string): unknown {
  if (typeof original !== "object" || original === null) return value;
  const text = String(value);
  if ("scale" in original) return kind === "text" ? text : Number(text);
  if ("items" in original || "entries" in original) return original;
  return kind === "timestamp" ? text.replace(" ", "T") : text;
}

function shown(value: unknown): string {
  return value === null || value === undefined ? "" : String(value);
}
