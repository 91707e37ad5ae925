import { existsSync, mkdirSync, readFileSync, writeFileSync } from "fs";
import { dirname, join } from "path";
import type { Spec } from "./data-set";
import { writeDataSet } from "./write";

/** Raised when the same seed makes other rows: older files are then made again. */
const generatorVersion = 3;

/** The folder of the generated data sets: data/generated of the checkout that holds the library. */
export const generatedFolder = join(__dirname, "..", "..", "..", "data", "generated");

export interface EnsureOptions extends Spec {
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * The path of an IRCTC log (CSV) of that many rows and seed, made once under data/generated and
 * kept: a second call returns at once. About 84 bytes a row.
 */
export function ensureIrctcLog(options: EnsureOptions): Promise<string> {
  return ensureDataSet("irctc", options);
}

/** As `ensureIrctcLog`, for any data set. */
export async function ensureDataSet(name: string, options: EnsureOptions): Promise<string> {
  const { onProgress, signal, ...spec } = options;
  const faults = spec.faults ? `-faults-${spec.faults}` : "";
  const file = join(generatedFolder, `${name}-${spec.rows}-${spec.seed}${faults}.csv`);
  const stamp = `${file}.stamp`;
  const wanted = JSON.stringify({ generatorVersion, name, ...spec });
  if (existsSync(file) && existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) {
    onProgress?.(spec.rows, spec.rows);
    return file;
  }
  mkdirSync(dirname(file), { recursive: true });
  await writeDataSet(name, spec, { format: "csv", out: file, onProgress, signal });
  writeFileSync(stamp, wanted);
  return file;
}
