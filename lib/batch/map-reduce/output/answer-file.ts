/** The answer as a file, row by row, which appears whole or not at all. */
import { rmSync } from "fs";
import { AtomicFile, InputError } from "../../../basics";
import type { ResultRow } from "../job";
import { csvToParquet } from "./parquet";
import { CsvRows, JsonRows } from "./text-rows";
import type { AnswerShape, RowText } from "./text-rows";

const formats = ["csv", "jsonl", "parquet"] as const;
export type AnswerFormat = (typeof formats)[number];

/** The format of a file by the end of its name. Throws InputError for an unknown one. */
export function answerFormat(file: string): AnswerFormat {
  const format = formats.find((known) => file.endsWith(`.${known}`));
  if (format !== undefined) return format;
  const known = formats.map((name) => `.${name}`).join(", ");
  throw new InputError(`${file}: the name of an output must end in one of ${known}`);
}

const chunkCharacters = 262_144;

export interface AnswerFileOptions {
  readonly shape: AnswerShape;
  readonly signal?: AbortSignal;
}

/** Writes all rows; returns how many. Throws InputError when the disk is full. */
export async function writeAnswer(
  path: string,
  rows: Iterable<ResultRow<unknown>>,
  { shape, signal }: AnswerFileOptions,
): Promise<number> {
  const format = answerFormat(path);
  const file = new AtomicFile(path);
  try {
    if (format === "parquet") return await writeParquet(file, rows, { shape, signal });
    const text = format === "csv" ? new CsvRows(shape) : new JsonRows(shape);
    const count = await writeText(file, rows, { text, signal });
    file.commit();
    return count;
  } finally {
    file.abandon();
  }
}

async function writeParquet(
  file: AtomicFile,
  rows: Iterable<ResultRow<unknown>>,
  { shape, signal }: AnswerFileOptions,
): Promise<number> {
  const csv = new AtomicFile(`${file.partialPath}.csv`);
  try {
    const text = new CsvRows(shape);
    const count = await writeText(csv, rows, { text, signal });
    csv.commit();
    await csvToParquet(csv.path, file.partialPath, text.columns());
    signal?.throwIfAborted();
    file.commit();
    return count;
  } finally {
    csv.abandon();
    rmSync(csv.path, { force: true });
  }
}

async function writeText(
  file: AtomicFile,
  rows: Iterable<ResultRow<unknown>>,
  { text, signal }: { text: RowText; signal?: AbortSignal },
): Promise<number> {
  let [count, chunk] = [0, ""];
  for (const row of rows) {
    chunk += text.line(row);
    count++;
    if (chunk.length < chunkCharacters) continue;
    file.write(chunk);
    chunk = "";
    await new Promise((resolve) => setImmediate(resolve)); // so that an interrupt is heard
    signal?.throwIfAborted();
  }
  file.write(count === 0 ? text.empty() : chunk);
  return count;
}
