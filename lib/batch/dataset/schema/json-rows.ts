/** Rows of a schema out of blocks of JSON lines. */
import { newline } from "../../map-reduce/scan/scanner";
import type { Block } from "../../map-reduce/scan/scanner";
import { ValueParser } from "./parse-value";
import type { Value } from "./parse-value";
import type { RowSink } from "./row-sink";
import type { Schema } from "./schema";

export class JsonRowReader {
  private readonly parsers: readonly ValueParser[];

  constructor(
    schema: Schema,
    private readonly file: string,
    private readonly sink: RowSink,
  ) {
    const columns = Object.entries(schema.columns);
    this.parsers = columns.map(([name, column]) => new ValueParser(name, column));
  }

  read({ bytes, places, count, offset, start: first }: Block): void {
    let start = first;
    for (let last = 0; last < count; last++) {
      const place = places[last];
      if (bytes[place] !== newline) continue;
      const line = bytes.utf8Slice(start, place);
      if (line.trim() !== "") this.readLine(line, offset + start);
      start = place + 1;
    }
  }

  private readLine(line: string, atByte: number): void {
    const { sink } = this;
    sink.begin(this.file, atByte);
    const object = parse(line);
    if (object === undefined) {
      sink.bad("", line, "not JSON");
      return sink.end(undefined);
    }
    const row: Record<string, Value> = {};
    for (const parser of this.parsers) {
      const given = object[parser.name];
      row[parser.name] = parser.takeJson(given);
      if (parser.fault !== undefined) sink.bad(parser.name, shown(given), parser.fault);
    }
    sink.end(row);
  }
}

/** Undefined for what is no object in JSON. */
function parse(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function shown(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
