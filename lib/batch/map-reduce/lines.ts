/**
 * The lines of a split. A line belongs to the split in which it begins: a reader skips the rest of
 * a line that began before its range, and reads its own last line to the end, past its range.
 */
import { closeSync, openSync, readFileSync, readSync } from "fs";
import { gunzipSync } from "zlib";
import { isCompressed } from "./splits";
import type { Split } from "./tasks";

const newline = 10;
/** How much is read at a time past the end of a range, until a line end is found. */
const tailBytes = 65_536;

/** Called for each line [start, end) of `bytes`; `at` is the place of its first byte in the file. */
export type LineListener = (bytes: Buffer, start: number, end: number, at: number) => void;

/** Tells every line of the split, without line ends; the last line of a file needs none. */
export function forEachLine(split: Split, listen: LineListener): void {
  const { bytes, offset, end } = isCompressed(split.file) ? unpack(split) : readRange(split);
  let start = split.startByte === 0 ? 0 : bytes.indexOf(newline) + 1;
  if (split.startByte > 0 && start === 0) return;
  while (start < end) {
    const found = bytes.indexOf(newline, start);
    const lineEnd = found < 0 ? bytes.length : found;
    listen(bytes, start, lineEnd, offset + start);
    start = lineEnd + 1;
  }
}

/** The first line of a file. */
export function firstLine(file: string): string {
  const size = { file, startByte: 0, endByte: isCompressed(file) ? Infinity : 1 };
  const { bytes } = isCompressed(file) ? unpack(size) : readRange(size);
  const end = bytes.indexOf(newline);
  return bytes.toString("utf8", 0, end < 0 ? bytes.length : end).replace(/\r$/, "");
}

interface Range {
  readonly bytes: Buffer;
  /** The place of the first byte in the file. */
  readonly offset: number;
  /** Lines that begin before this place in `bytes` belong to the split. */
  readonly end: number;
}

function unpack(split: Split): Range {
  const bytes = gunzipSync(readFileSync(split.file));
  return { bytes, offset: 0, end: bytes.length };
}

/** The range, one byte before it (to see whether a line begins right at its start), and a tail. */
function readRange({ file, startByte, endByte }: Split): Range {
  const descriptor = openSync(file, "r");
  try {
    const offset = Math.max(0, startByte - 1);
    const end = endByte - offset;
    let bytes = readFully(descriptor, Buffer.allocUnsafe(end), offset);
    while (bytes.length > 0 && bytes[bytes.length - 1] !== newline) {
      const tail = readFully(descriptor, Buffer.allocUnsafe(tailBytes), offset + bytes.length);
      if (tail.length === 0) break;
      const lineEnd = tail.indexOf(newline);
      bytes = Buffer.concat([bytes, lineEnd < 0 ? tail : tail.subarray(0, lineEnd + 1)]);
    }
    return { bytes, offset, end };
  } finally {
    closeSync(descriptor);
  }
}

function readFully(descriptor: number, buffer: Buffer, position: number): Buffer {
  let filled = 0;
  while (filled < buffer.length) {
    const read = readSync(descriptor, buffer, filled, buffer.length - filled, position + filled);
    if (read === 0) break;
    filled += read;
  }
  return buffer.subarray(0, filled);
}
