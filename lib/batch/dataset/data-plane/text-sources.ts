/** Rows from text files: whole lines of a split, a block at a time. */
import { InputError } from "../../../basics";
import { progressOf } from "../../map-reduce/map-settings";
import { MapRecord, unquote } from "../../map-reduce/record";
import { readColumns } from "../../map-reduce/scan/columns";
import { Scanner, comma, newline } from "../../map-reduce/scan/scanner";
import type { Block } from "../../map-reduce/scan/scanner";
import type { Split } from "../../map-reduce/tasks";
import type { ColumnTypes } from "../options";
import type { Source } from "../steps";
import type { Part } from "./part";
import { FunctionError } from "./functions";

type TextSource<Kind> = Source & { readonly kind: Kind };
type RowOf = (record: MapRecord) => unknown;

export async function readLines({ splits }: TextSource<"lines">, part: Part): Promise<void> {
  const split = splits[part.partition] as Split;
  const record = new MapRecord(new Map(), split.file);
  await scan(split, part, { isCsv: false, record, rowOf: ({ line }) => line });
}

export async function readJsonLines(
  { splits }: TextSource<"jsonLines">,
  part: Part,
): Promise<void> {
  const split = splits[part.partition] as Split;
  const record = new MapRecord(new Map(), split.file);
  await scan(split, part, { isCsv: false, record, rowOf: jsonRow });
}

function jsonRow({ line, file, at }: MapRecord): unknown {
  if (line === "") return undefined;
  try {
    return JSON.parse(line) as unknown;
  } catch {
    throw new InputError(`${file}: the line at byte ${at} is not JSON`);
  }
}

export async function readCsvLines({ splits }: TextSource<"csvLines">, part: Part): Promise<void> {
  const split = splits[part.partition] as Split;
  const record = new MapRecord(new Map(), split.file);
  const rowOf = ({ line, file, at }: MapRecord): unknown => {
    return { file, atByte: at, fields: fieldsOf(line) };
  };
  await scan(split, part, { isCsv: true, record, rowOf });
}

/** The fields of a line; a quoted one may hold commas, but no line end. */
function fieldsOf(line: string): string[] {
  if (!line.includes('"')) return line.split(",");
  const fields = line.match(/(?:^|,)(?:"(?:[^"]|"")*"?|[^,]*)/g) ?? [];
  return fields.map((field, i) => {
    const text = i === 0 && !field.startsWith(",") ? field : field.slice(1);
    return text.startsWith('"') ? unquote(text) : text;
  });
}

export async function readCsv(source: TextSource<"csv">, part: Part): Promise<void> {
  const split = source.splits[part.partition] as Split;
  const columns = await readColumns(split.file);
  const types = source.columns ?? allText([...columns.keys()]);
  const record = new MapRecord(columns, split.file);
  await scan(split, part, { isCsv: true, record, rowOf: rowMaker(types) });
}

function allText(names: readonly string[]): ColumnTypes {
  return Object.fromEntries(names.map((name) => [name, "text"]));
}

/** A literal makes rows of one hidden class at once, which a loop over names does not. */
function rowMaker(types: ColumnTypes): RowOf {
  const fields = Object.entries(types).map(([name, type]) => {
    const read = type === "number" ? "number" : "text";
    return `[${JSON.stringify(name)}]: record.${read}(${JSON.stringify(name)})`;
  });
  return new Function("record", `return { ${fields.join(", ")} };`) as RowOf;
}

const batchRows = 1_024;

interface Reading {
  readonly isCsv: boolean;
  readonly record: MapRecord;
  /** Undefined: no row. */
  readonly rowOf: RowOf;
}

async function scan(split: Split, part: Part, reading: Reading): Promise<void> {
  const { push, evaluation } = part;
  await new Scanner(reading.isCsv ? comma : newline).scan(split, (block) => {
    evaluation.onProgress(progressOf(split, block.offset + block.start));
    return pushBlock(block, push, reading) ? undefined : false;
  });
}

function pushBlock(block: Block, push: Part["push"], { isCsv, record, rowOf }: Reading): boolean {
  const { bytes, places, count } = block;
  record.enter(block);
  let rows: unknown[] = [];
  let start = block.start;
  for (let first = 0, last = 0; last < count; last++) {
    const place = places[last] as number;
    if (bytes[place] !== newline) continue;
    const isHeader = isCsv && block.offset + start === 0;
    const isBlank = isCsv && (place === start || (place === start + 1 && bytes[start] === 13));
    if (!isHeader && !isBlank) {
      const row = made(record.set(start, first, last), rowOf);
      if (row !== undefined) rows.push(row);
    }
    start = place + 1;
    first = last + 1;
    if (rows.length < batchRows) continue;
    if (!push(rows)) return false;
    rows = [];
  }
  return rows.length === 0 || push(rows);
}

function made(record: MapRecord, rowOf: RowOf): unknown {
  try {
    return rowOf(record);
  } catch (error) {
    if (error instanceof InputError) throw new FunctionError(error.message);
    const { message } = error as Error;
    throw new FunctionError(`${record.file}, line at byte ${record.at}: ${message}`);
  }
}
