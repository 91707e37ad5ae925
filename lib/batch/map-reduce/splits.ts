import { statSync } from "fs";
import { InputError, wholeInRange } from "../../basics";
import type { Split } from "./tasks";

/** A compressed file has no places to start in the middle: it is one split. */
export function isCompressed(file: string): boolean {
  return file.endsWith(".gz");
}

/**
 * Cuts the files into byte ranges of at most `splitBytes`, or what it says for the bytes of all
 * files, in the order of the files. Throws InputError for a file that is missing or a folder.
 */
export function makeSplits(
  files: readonly string[],
  splitBytes: number | ((totalBytes: number) => number),
): Split[] {
  if (files.length === 0) throw new InputError("no input was given: name at least one file");
  const sizes = files.map(sizeOf);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const most = typeof splitBytes === "number" ? splitBytes : splitBytes(total);
  wholeInRange("splitBytes", most, { min: 1, max: 2 ** 31 - 1 });
  return files.flatMap((file, i) => splitsOf(file, sizes[i] as number, most));
}

function splitsOf(file: string, bytes: number, splitBytes: number): Split[] {
  if (isCompressed(file)) return [{ file, startByte: 0, endByte: bytes }];
  const count = Math.ceil(bytes / splitBytes);
  return Array.from({ length: count }, (_, i) => ({
    file,
    startByte: i * splitBytes,
    endByte: Math.min((i + 1) * splitBytes, bytes),
  }));
}

function sizeOf(file: string): number {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) throw new InputError(`${file}: there is no such file`);
  if (stat.isDirectory()) throw new InputError(`${file} is a folder: name the files in it`);
  return stat.size;
}
