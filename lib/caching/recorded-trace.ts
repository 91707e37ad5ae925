/**
 * Recorded requests, from a file of text with a request a line. The PyPI package libcachesim has
 * two in its source: `pip download --no-deps --no-binary libcachesim libcachesim==0.3.5`, then in
 * src/libCacheSim/data `cloudPhysicsIO.txt` (blocks of a disk of a virtual machine) and
 * `twitter_cluster52.csv` (a cache at Twitter; `{ column: 1 }`). It is under the GPL, so neither is
 * part of this repository.
 */
import { readFileSync } from "fs";
import { InputError, onlyKnown, wholeInRange } from "../basics";

export interface RecordedTraceOptions {
  /** Which column has the key, from 0; default 0. Columns are parted by commas. */
  readonly column?: number;
  /** Lines before the first request; those that begin with # are passed over anyhow. Default 0. */
  readonly headerLines?: number;
}

/**
 * The keys as whole numbers, 0 for the first that appears, 1 for the next. Throws an InputError for
 * a file that cannot be read, and for a line without the column.
 */
export function recordedTrace(file: string, options: RecordedTraceOptions = {}): Int32Array {
  onlyKnown("recordedTrace", options, ["column", "headerLines"]);
  const column = wholeInRange("column", options.column ?? 0, { min: 0, max: 1_000 });
  const header = wholeInRange("headerLines", options.headerLines ?? 0, { min: 0, max: 1e6 });
  const numbers = new Map<string, number>();
  const trace: number[] = [];
  linesOf(file).forEach((line, index) => {
    if (index < header || line === "" || line.startsWith("#")) return;
    const key = line.split(",")[column]?.trim() ?? "";
    if (key === "") throw new InputError(`${file}:${index + 1}: there is no column ${column}`);
    let number = numbers.get(key);
    if (number === undefined) numbers.set(key, (number = numbers.size));
    trace.push(number);
  });
  return Int32Array.from(trace);
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, "utf8").split(/\r?\n/);
  } catch (error) {
    throw new InputError(`${file}: cannot be read (${(error as Error).message})`);
  }
}
