/** Looks at the files before they are sorted: their sizes, a header line, what keys begin with. */
import { closeSync, fstatSync, openSync, readSync, statSync } from "fs";
import { InputError } from "../../basics";
import { quoteFault } from "./data-plane/fields";
import { newline, recordSizes, separatorByte } from "./shape";
import type { SortShape } from "./shape";
import type { SortSplit } from "./tasks";

const mostHeaderBytes = 2 ** 20;
const samplePlaces = 64;
const sampleBytes = 4_096;

/** Throws InputError for a file that is missing, a folder, packed, or of broken records. */
export function checkInputs(files: readonly string[], shape: SortShape): void {
  if (files.length === 0) throw new InputError("no input was given: name at least one file");
  for (const file of files) {
    const found = statSync(file, { throwIfNoEntry: false });
    if (found === undefined) throw new InputError(`${file}: there is no such file`);
    if (!found.isFile()) throw new InputError(`${file} is no regular file: name one`);
    if (file.endsWith(".gz")) throw new InputError(`${file} is compressed: unpack it first`);
    if (shape.kind !== "records") continue;
    const { recordBytes } = recordSizes(shape);
    if (found.size % recordBytes === 0) continue;
    throw new InputError(`${file}: its ${found.size} bytes are no whole records of ${recordBytes}`);
  }
}

/** The first line of a file as it is, with its line end if it has one. */
export function readHeader(file: string, shape: SortShape): Buffer {
  const start = readAt(file, 0, mostHeaderBytes);
  const end = start.indexOf(newline);
  const isQuoted = shape.kind === "lines" && shape.quote !== undefined;
  const line = { start: 0, end: end < 0 ? start.length : end };
  const why = isQuoted ? quoteFault(start, line, shape) : undefined;
  if (why !== undefined) throw new InputError(`${file}, line 1: ${why}`);
  if (end >= 0) return start.subarray(0, end + 1);
  if (start.length < mostHeaderBytes) return start;
  throw new InputError(`${file}: its header line is longer than ${mostHeaderBytes} bytes`);
}

/** Cuts the files into ranges of about `splitBytes`, from where each one's header ends. */
export function cutInputs(
  inputs: readonly { readonly file: string; readonly startByte: number }[],
  { splitBytes, shape }: { splitBytes: number; shape: SortShape },
): SortSplit[] {
  const unit = shape.kind === "records" ? recordSizes(shape).recordBytes : 1;
  return inputs.flatMap(({ file, startByte }) => {
    const bytes = statSync(file).size - startByte;
    const count = Math.ceil(bytes / splitBytes);
    const edge = (i: number): number => {
      return i === count ? bytes : Math.floor((i * bytes) / count / unit) * unit;
    };
    return Array.from({ length: count }, (_, i) => {
      return { file, startByte: startByte + edge(i), endByte: startByte + edge(i + 1) };
    });
  });
}

/**
 * What the first keys of lines here and there all begin with, one character a byte; at most 64.
 * "" where the first key is no text.
 */
export function commonBeginning(files: readonly string[], shape: SortShape): string {
  if (shape.kind !== "lines") return "";
  const { column = 0, kind = "text" } = shape.keys?.[0] ?? {};
  if (kind !== "text") return "";
  const separator = String.fromCharCode(separatorByte(shape));
  let common: string | undefined;
  for (const file of files) {
    for (const line of sampleLines(file)) {
      const cell = column === 0 ? line : (line.split(separator)[column - 1] ?? "");
      const key = cell.slice(column > 0 && cell.startsWith(shape.quote ?? "\n") ? 1 : 0, 64);
      common = common === undefined ? key : sharedBeginning(common, key);
    }
  }
  return common ?? "";
}

function sharedBeginning(left: string, right: string): string {
  let length = 0;
  while (length < left.length && left[length] === right[length]) length++;
  return left.slice(0, length);
}

/** Whole lines from places that are spread over the file. */
function sampleLines(file: string): string[] {
  const { size } = statSync(file);
  const places = Math.min(samplePlaces, Math.ceil(size / sampleBytes));
  return Array.from({ length: places }, (_, i) => {
    const text = readAt(file, Math.floor((i * size) / places), sampleBytes).toString("latin1");
    return text.split("\n").slice(1, -1);
  }).flat();
}

function readAt(file: string, position: number, mostBytes: number): Buffer {
  const descriptor = openSync(file, "r");
  try {
    const left = Math.max(0, fstatSync(descriptor).size - position);
    const bytes = Buffer.alloc(Math.min(left, mostBytes));
    const read = readSync(descriptor, bytes, 0, bytes.length, position);
    return bytes.subarray(0, read);
  } finally {
    closeSync(descriptor);
  }
}
