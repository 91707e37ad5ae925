/**
 * Rows of a schema out of blocks of CSV lines. Cost: about 50 ns a field and 100 ns a row.
 */
import { InputError } from "../../../basics";
import { unquote } from "../../map-reduce/record";
import { newline } from "../../map-reduce/scan/scanner";
import type { Block } from "../../map-reduce/scan/scanner";
import { TextCache } from "../../map-reduce/scan/text-cache";
import type { BadReason } from "./bad-rows";
import { ValueParser } from "./parse-value";
import type { Value } from "./parse-value";
import type { RowSink } from "./row-sink";
import type { Schema } from "./schema";

const carriageReturn = 13;
const quote = 34;

export class CsvRowReader {
  private readonly parsers: readonly ValueParser[];
  /** Where in a line the columns of the schema are. */
  private readonly indexes: readonly number[];
  private readonly cache = new TextCache();
  private readonly fieldCount: number;

  /** Throws InputError when the header lacks a column of the schema; it may have others. */
  constructor(
    schema: Schema,
    private readonly file: string,
    { header, sink }: { readonly header: ReadonlyMap<string, number>; readonly sink: RowSink },
  ) {
    this.sink = sink;
    this.fieldCount = header.size;
    const columns = Object.entries(schema.columns);
    this.parsers = columns.map(([name, column]) => new ValueParser(name, column));
    this.indexes = columns.map(([name]) => {
      const index = header.get(name);
      if (index !== undefined) return index;
      const known = [...header.keys()].join(", ");
      throw new InputError(`${file} has no column "${name}": its columns are ${known}`);
    });
  }

  private readonly sink: RowSink;

  read(block: Block): void {
    const { bytes, places, count, offset } = block;
    let start = block.start;
    for (let first = 0, last = 0; last < count; last++) {
      const place = places[last];
      if (bytes[place] !== newline) continue;
      const isBlank = place - start < 2 && (place === start || bytes[start] === carriageReturn);
      if (offset + start > 0 && !isBlank) this.readLine(block, { start, first, last });
      start = place + 1;
      first = last + 1;
    }
  }

  private readLine(block: Block, line: { start: number; first: number; last: number }): void {
    const { parsers, indexes, sink } = this;
    const atByte = block.offset + line.start;
    sink.begin(this.file, atByte);
    const fields = line.last - line.first + 1;
    const end = this.endOf(block, line);
    const row: Record<string, Value> = {};
    for (let i = 0; i < parsers.length; i++) {
      const parser = parsers[i];
      const index = indexes[i];
      if (index >= fields) {
        row[parser.name] = null;
        continue;
      }
      const place = line.first + index;
      const from = index === 0 ? line.start : block.places[place - 1] + 1;
      const to = place === line.last ? end : block.places[place];
      row[parser.name] = this.readField(block, parser, { from, to });
      if (parser.fault !== undefined) sink.bad(parser.name, textOf(block, from, to), parser.fault);
    }
    if (fields !== this.fieldCount) sink.bad("", "", misfit(fields, this.fieldCount));
    sink.end(row);
  }

  private endOf(
    { bytes, places }: Block,
    { start, last }: { start: number; last: number },
  ): number {
    const end = places[last];
    return end > start && bytes[end - 1] === carriageReturn ? end - 1 : end;
  }

  /** Digits alone are read without making a text of them. */
  private readField(
    block: Block,
    parser: ValueParser,
    { from, to }: { readonly from: number; readonly to: number },
  ): Value {
    if (from === to) return parser.missing();
    const { bytes } = block;
    if (bytes[from] === quote && block.hasQuotes) {
      return parser.parseText(unquote(textOf(block, from, to)));
    }
    const { kind } = parser.column;
    if ((kind === "integer" || kind === "number") && to - from <= 15) {
      let value = 0;
      let at = from;
      for (; at < to; at++) {
        const digit = bytes[at] - 48;
        if (digit < 0 || digit > 9) break;
        value = value * 10 + digit;
      }
      if (at === to) return parser.checkNumber(value);
    }
    return parser.parseText(this.cache.text(block, from, to));
  }
}

function textOf({ bytes, isAscii }: Block, from: number, to: number): string {
  return isAscii ? bytes.latin1Slice(from, to) : bytes.utf8Slice(from, to);
}

function misfit(fields: number, wanted: number): BadReason {
  return fields < wanted ? "too few fields" : "too many fields";
}
