/**
 * Reads CSV, JSON lines and Parquet by a schema: typed rows, and a report of what was wrong.
 *
 * Cost: one pass on one thread, and a second one up to the last bad row that is listed, for the
 * numbers of lines. A data set reads with the same readers on all threads.
 */
import { InputError, wholeInRange } from "../../../basics";
import { readColumns } from "../../map-reduce/scan/columns";
import { Scanner, comma, newline } from "../../map-reduce/scan/scanner";
import { makeSplits } from "../../map-reduce/splits";
import type { Split } from "../../map-reduce/tasks";
import { BadRowCounter, reportOf, sentenceOf } from "./bad-rows";
import type { BadRows, PlacedValue } from "./bad-rows";
import { CsvRowReader } from "./csv-rows";
import { JsonRowReader } from "./json-rows";
import { readParquetSplit } from "./parquet-rows";
import { lineNumbers } from "./line-numbers";
import { BadRowError, RowSink } from "./row-sink";
import type { OnBadRow, PlainRow } from "./row-sink";
import type { RowOf, RowWithGaps, Schema } from "./schema";

export interface ReadRowsOptions<Mode extends OnBadRow = OnBadRow> {
  /** What becomes of bad rows; default "fail". */
  readonly onBad?: Mode;
  /** Bad values listed with their places; the rest is counted. Default 100. */
  readonly maxListed?: number;
  readonly signal?: AbortSignal;
  /** Told bytes. */
  readonly onProgress?: (done: number, total: number) => void;
}

export interface TypedRows<Row> {
  readonly rows: readonly Row[];
  readonly report: BadRows;
}

/**
 * The rows of .csv files (with header lines) and .jsonl files, packed as .gz or not, and of
 * .parquet files, whose rows are told by their numbers from 1 in the place of lines.
 * Throws InputError for a missing file or column, and with `onBad: "fail"` for the first bad value.
 */
export async function readRows<S extends Schema, Mode extends OnBadRow = "fail">(
  schema: S,
  files: readonly string[],
  options: ReadRowsOptions<Mode> = {},
): Promise<TypedRows<Mode extends "null" ? RowWithGaps<S> : RowOf<S>>> {
  const rows: PlainRow[] = [];
  const report = await readFiles(schema, files, { ...options, keep: (row) => rows.push(row) });
  return { rows: rows as never[], report };
}

/** The report alone: nothing is kept, so that files of any size can be looked at. */
export async function validateRows(
  schema: Schema,
  files: readonly string[],
  options: Omit<ReadRowsOptions, "onBad"> = {},
): Promise<BadRows> {
  return readFiles(schema, files, { ...options, onBad: "drop", keep: () => undefined });
}

/** Read in one go; a tenth of a second's work. */
const splitBytes = 4 * 2 ** 20;

function sizeOf({ startByte, endByte }: Split): number {
  return endByte - startByte;
}

interface Reading extends ReadRowsOptions {
  readonly keep: (row: PlainRow) => void;
}

async function readFiles(
  schema: Schema,
  files: readonly string[],
  { onBad = "fail", maxListed = 100, keep, signal, onProgress }: Reading,
): Promise<BadRows> {
  checkMode(onBad);
  wholeInRange("maxListed", maxListed, { min: 0, max: 1e6 });
  const counter = new BadRowCounter(maxListed);
  const sink = new RowSink(counter, onBad, keep);
  files.forEach(formatOf);
  const splits = files.length === 0 ? [] : makeSplits(files, splitBytes);
  const total = splits.reduce((sum, split) => sum + sizeOf(split), 0);
  let done = 0;
  try {
    for (const split of splits) {
      await new Promise((resolve) => setImmediate(resolve)); // so that an interrupt is heard
      signal?.throwIfAborted();
      await readSplit(schema, split, sink);
      onProgress?.((done += sizeOf(split)), total);
    }
  } catch (error) {
    throw error instanceof BadRowError ? new InputError(await sentence(error.found)) : error;
  }
  return reportOf(counter, await linesOf(counter.listed));
}

/** Reads a split's rows into the sink, as long as they are wanted. */
export async function readSplit(
  schema: Schema,
  split: Split,
  sink: RowSink,
  isWanted: () => boolean = () => true,
): Promise<void> {
  const { file } = split;
  const format = formatOf(file);
  if (format === "parquet") return readParquetSplit(schema, split, { sink, isWanted });
  const isCsv = format === "csv";
  const reader = isCsv
    ? new CsvRowReader(schema, file, { header: await readColumns(file), sink })
    : new JsonRowReader(schema, file, sink);
  await new Scanner(isCsv ? comma : newline).scan(split, (block) => {
    reader.read(block);
    return isWanted() ? undefined : false;
  });
}

/** What is wrong, with its file and line, as one sentence. */
export async function sentence(found: PlacedValue): Promise<string> {
  const [line] = await linesOf([found]);
  return sentenceOf({ ...found, line });
}

/** The numbers of the lines, or rows of Parquet, of bad values of any files. */
export async function linesOf(values: readonly PlacedValue[]): Promise<number[]> {
  const lines = new Array<number>(values.length).fill(0);
  for (const file of new Set(values.map((value) => value.file))) {
    const places = values.flatMap((value, index) => (value.file === file ? [index] : []));
    const starts = places.map((index) => values[index].atByte);
    const isParquet = formatOf(file) === "parquet";
    const numbers = isParquet ? starts.map((row) => row + 1) : await lineNumbers(file, starts);
    places.forEach((index, i) => (lines[index] = numbers[i]));
  }
  return lines;
}

/** Throws InputError for a word that is no mode. */
export function checkMode(onBad: OnBadRow): void {
  const known: readonly string[] = ["fail", "drop", "null"];
  if (known.includes(onBad)) return;
  throw new InputError(`onBad is one of ${known.join(", ")}, not ${String(onBad)}`);
}

/** Throws InputError for a file that is of none of them. */
export function formatOf(file: string): "csv" | "jsonl" | "parquet" {
  if (/\.csv(\.gz)?$/.test(file)) return "csv";
  if (/\.jsonl(\.gz)?$/.test(file)) return "jsonl";
  if (file.endsWith(".parquet")) return "parquet";
  const known = ".csv and .jsonl files (or these as .gz) and from .parquet files";
  throw new InputError(`${file}: rows are read from ${known}`);
}
