/**
 * Groups in files: segments of cells, keys and hashes, as the arrays that they are in memory, each
 * with a number of the writer's choice (a slice of the keys, a sorted run).
 */
import { closeSync, openSync, readSync, writeSync } from "fs";

/** Groups, all arrays in the same order. Key g is the bytes [keyEnds[g], keyEnds[g + 1]). */
export interface Segment {
  readonly size: number;
  readonly cells: Float64Array;
  readonly keys: Uint8Array;
  readonly keyEnds: Uint32Array;
  readonly hashes: Int32Array;
}

export interface NumberedSegment {
  readonly number: number;
  readonly segment: Segment;
}

/** Where a segment lies in a file, without its bytes. */
export interface SegmentPlace {
  readonly file: string;
  readonly number: number;
  readonly size: number;
  readonly cellCount: number;
  readonly keyBytes: number;
  /** Of the first byte after the header. */
  readonly at: number;
}

const headerBytes = 16;

/** Adds segments at the end of the file; empty ones are left out. Returns the bytes written. */
export function appendSegments(file: string, segments: Iterable<NumberedSegment>): number {
  const descriptor = openSync(file, "a");
  let bytes = 0;
  try {
    for (const { number, segment } of segments) {
      if (segment.size > 0) bytes += writeAll(descriptor, packed(number, segment));
    }
    return bytes;
  } finally {
    closeSync(descriptor);
  }
}

/** The segments of a file in the order of their writing. */
export function listSegments(file: string): SegmentPlace[] {
  const descriptor = openSync(file, "r");
  try {
    const places: SegmentPlace[] = [];
    const header = new Uint32Array(headerBytes / 4);
    for (let at = 0; readAll(descriptor, header, at) > 0;) {
      const [size, cellCount, keyBytes, number] = header as unknown as [
        number,
        number,
        number,
        number,
      ];
      const place = { file, number, size, cellCount, keyBytes, at: at + headerBytes };
      places.push(place);
      at = place.at + bodyBytes(place);
    }
    return places;
  } finally {
    closeSync(descriptor);
  }
}

/** Reads one segment, with all arrays in one piece of memory. */
export function readSegment(place: SegmentPlace): Segment {
  const { file, size, cellCount, keyBytes, at } = place;
  const buffer = new ArrayBuffer(bodyBytes(place));
  const descriptor = openSync(file, "r");
  try {
    readAll(descriptor, new Uint8Array(buffer), at);
  } finally {
    closeSync(descriptor);
  }
  const endsAt = cellCount * 8;
  const hashesAt = endsAt + (size + 1) * 4;
  return {
    size,
    cells: new Float64Array(buffer, 0, cellCount),
    keyEnds: new Uint32Array(buffer, endsAt, size + 1),
    hashes: new Int32Array(buffer, hashesAt, size),
    keys: new Uint8Array(buffer, hashesAt + size * 4, keyBytes),
  };
}

/** How large a segment is, without its header. */
export function bodyBytes({ size, cellCount, keyBytes }: Omit<SegmentPlace, "at">): number {
  return cellCount * 8 + (size * 2 + 1) * 4 + keyBytes;
}

/** Header and arrays in one piece, to be written at once. */
function packed(number: number, { size, cells, keys, keyEnds, hashes }: Segment): Buffer {
  const header = new Uint32Array([size, cells.length, keyEnds[size] as number, number]);
  const parts = [header, cells, keyEnds, hashes, keys];
  return Buffer.concat(
    parts.map((part) => Buffer.from(part.buffer, part.byteOffset, part.byteLength)),
  );
}

function writeAll(descriptor: number, bytes: Buffer): number {
  let written = 0;
  while (written < bytes.length) written += writeSync(descriptor, bytes, written);
  return written;
}

/** Fills `part` from the place `at` on; returns the bytes read, 0 at the end of the file. */
function readAll(descriptor: number, part: NodeJS.ArrayBufferView, at: number): number {
  const bytes = Buffer.from(part.buffer, part.byteOffset, part.byteLength);
  let filled = 0;
  while (filled < bytes.length) {
    const read = readSync(descriptor, bytes, filled, bytes.length - filled, at + filled);
    if (read === 0 && filled === 0) return 0;
    if (read === 0) throw new Error("a file of groups ends early");
    filled += read;
  }
  return filled;
}
