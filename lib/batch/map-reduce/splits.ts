import { statSync } from "fs";
import { InputError, wholeInRange } from "../../basics";
import type { Split } from "./tasks";

/** A compressed file has no places to start in the middle: it is one split. */
export function isCompressed(file: string): boolean {
  return file.endsWith(".gz");
}

/**
 * Cuts the files into byte ranges of at most `splitBytes`, in the order of the files. Throws
 * InputError for a file that is missing or a folder.
 */
export function makeSplits(files: readonly string[], splitBytes: number): Split[] {
  wholeInRange("splitBytes", splitBytes, { min: 1, max: 2 ** 31 - 1 });
  if (files.length === 0) throw new InputError("no input was given: name at least one file");
  return files.flatMap((file) => splitsOf(file, sizeOf(file), splitBytes));
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
