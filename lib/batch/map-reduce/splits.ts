import { statSync } from "fs";
import { InputError, wholeInRange } from "../../basics";
import type { Split } from "./tasks";

/** A compressed file has no places to start in the middle: it is one split. */
export function isCompressed(file: string): boolean {
  return file.endsWith(".gz");
}

/** How large the next split should be, with so many bytes of all files still to cut. */
export type SplitRule = (leftBytes: number, totalBytes: number) => number;

/**
 * Cuts the files into byte ranges of at most `splitBytes`, or what it says for each, in the order
 * of the files. Throws InputError for a file that is missing or a folder.
 */
export function makeSplits(files: readonly string[], splitBytes: number | SplitRule): Split[] {
  if (files.length === 0) throw new InputError("no input was given: name at least one file");
  const sizes = files.map(sizeOf);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (typeof splitBytes === "number")
    wholeInRange("splitBytes", splitBytes, { min: 1, max: 2 ** 31 - 1 });
  const rule = typeof splitBytes === "number" ? () => splitBytes : splitBytes;
  const splits: Split[] = [];
  let left = total;
  files.forEach((file, i) => {
    const size = sizes[i] as number;
    for (let startByte = 0, endByte = 0; startByte < size; startByte = endByte) {
      endByte = isCompressed(file) ? size : Math.min(size, startByte + rule(left, total));
      splits.push({ file, startByte, endByte });
      left -= endByte - startByte;
    }
  });
  return splits;
}

function sizeOf(file: string): number {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) throw new InputError(`${file}: there is no such file`);
  if (stat.isDirectory()) throw new InputError(`${file} is a folder: name the files in it`);
  return stat.size;
}

const mebibyte = 2 ** 20;
const largeSplit = 64 * mebibyte;

/**
 * Two equal tasks a worker where the input is small; else 64 MiB a task, and the last one of each
 * worker in four, so that the workers end together.
 */
export function defaultSplitRule(workers: number): SplitRule {
  return (leftBytes, totalBytes) => {
    const share = totalBytes / workers;
    if (share < 3 * largeSplit) return Math.max(mebibyte, Math.ceil(share / 2));
    return leftBytes > workers * largeSplit ? largeSplit : largeSplit / 4;
  };
}
