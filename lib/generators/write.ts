import { rmSync } from "fs";
import { availableParallelism } from "os";
import { AtomicFile, InputError, inRange, wholeInRange } from "../basics";
import { sqlText } from "../basics/sql-text";
import type { Spec, TextFormat } from "./data-set";
import { dataSet } from "./data-sets";
import { encodedBlocks } from "./parallel";

export const formats = ["csv", "jsonl", "parquet"] as const;
export type Format = (typeof formats)[number];

export interface WriteOptions {
  readonly format: Format;
  /** The file to write; it appears whole or not at all. */
  readonly out: string;
  /** Threads that make rows; default: one a core. The bytes do not depend on it. */
  readonly workers?: number;
  readonly signal?: AbortSignal;
  /** Told after every block: rows done, rows in all. */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Writes a data set to a file. With faults, the planted ones are told in `<out>.truth.jsonl`.
 * Throws InputError for an unknown name or format and a place that cannot be written, RangeError
 * for rows, seed, faults or workers out of range.
 */
export async function writeDataSet(name: string, spec: Spec, options: WriteOptions): Promise<void> {
  checkSpec(spec, options);
  const beside = besideFiles(name, spec, options.out);
  const { truth } = beside;
  try {
    if (options.format === "parquet") await writeParquet(name, spec, { ...options, truth });
    else await writeText(name, spec, { ...options, format: options.format, truth });
    for (const file of beside.all) file.commit();
  } finally {
    for (const file of beside.all) file.abandon();
  }
}

/** The files beside the data: the planted faults, and small tables that the rows refer to. */
function besideFiles(
  name: string,
  spec: Spec,
  out: string,
): { readonly truth?: AtomicFile; readonly all: readonly AtomicFile[] } {
  const all: AtomicFile[] = [];
  const open = (end: string): AtomicFile => {
    const file = new AtomicFile(`${out}.${end}`);
    all.push(file);
    return file;
  };
  try {
    for (const [end, text] of Object.entries(dataSet(name).sideTables?.(spec) ?? {})) {
      open(end).write(text);
    }
    return { truth: spec.faults ? open("truth.jsonl") : undefined, all };
  } catch (error) {
    for (const file of all) file.abandon();
    throw error;
  }
}

async function writeText(
  name: string,
  spec: Spec,
  options: WriteOptions & { readonly format: TextFormat; readonly truth?: AtomicFile },
): Promise<void> {
  const { format, signal, onProgress, truth } = options;
  const workers = options.workers ?? availableParallelism();
  const file = new AtomicFile(options.out);
  try {
    if (format === "csv") file.write(dataSet(name).csvHeader);
    let done = 0;
    for await (const block of encodedBlocks(name, spec, { format, workers, signal })) {
      file.write(block.bytes);
      truth?.write(block.truth);
      onProgress?.((done += block.rows), spec.rows);
    }
    file.commit();
  } finally {
    file.abandon();
  }
}

/** CSV first, beside; then DuckDB turns it into Parquet, streaming. */
async function writeParquet(
  name: string,
  spec: Spec,
  options: WriteOptions & { readonly truth?: AtomicFile },
): Promise<void> {
  const file = new AtomicFile(options.out);
  const csv = `${file.partialPath}.csv`;
  try {
    await writeText(name, spec, { ...options, format: "csv", out: csv });
    const { DuckDBInstance } = await import("@duckdb/node-api");
    const connection = await (await DuckDBInstance.create(":memory:")).connect();
    const source = `read_csv(${sqlText(csv)}, ${readOptions(name, spec)})`;
    await connection.run(
      `COPY (SELECT * FROM ${source}) TO ${sqlText(file.partialPath)} (FORMAT parquet)`,
    );
    connection.closeSync();
    file.commit();
  } finally {
    file.abandon();
    rmSync(csv, { force: true });
  }
}

/**
 * The types are told, never guessed: guessing would take the first zero off a number of digits.
 * A broken line keeps what is left of it; fields that are not there are NULL.
 */
function readOptions(name: string, spec: Spec): string {
  const { csvHeader, columnTypes } = dataSet(name);
  const types = columnTypes(spec);
  const columns = csvHeader.trim().split(",");
  const struct = columns.map((column) => `'${column}': '${types[column] ?? "VARCHAR"}'`);
  const dialect = "header = true, delim = ',', quote = '', escape = ''";
  const brokenLines = spec.faults ? ", null_padding = true, strict_mode = false" : "";
  return `${dialect}, auto_detect = false, columns = {${struct.join(", ")}}${brokenLines}`;
}

function checkSpec(spec: Spec, options: WriteOptions): void {
  wholeInRange("rows", spec.rows, { min: 1, max: 1e9 });
  wholeInRange("seed", spec.seed, { min: 0, max: Number.MAX_SAFE_INTEGER });
  inRange("faults", spec.faults ?? 0, { min: 0, max: 1 });
  wholeInRange("workers", options.workers ?? 1, { min: 1, max: 256 });
  if (!formats.includes(options.format)) {
    const known = formats.join(", ");
    throw new InputError(`no format is called "${options.format}": choose one of ${known}`);
  }
}
