/**
 * The output of one task for a shuffle: one file with chunks of encoded rows and, at its end, where
 * the chunks of each partition are. It appears whole, by renaming.
 */
import { closeSync, fstatSync, openSync, readSync, renameSync, writeSync } from "fs";
import { join } from "path";
import { decodeRows, encodeRows } from "./row-codec";

/** Of each partition, where its chunks begin and how long they are. */
type Index = readonly (readonly (readonly [at: number, bytes: number])[])[];

const footerBytes = 8;

export function shuffleFile(folder: string, shuffle: number, partition: number): string {
  return join(folder, `shuffle-${shuffle}-${partition}`);
}

export class ShuffleFileWriter {
  bytes = 0;
  rows = 0;
  private readonly descriptor: number;
  private readonly index: [number, number][][];

  constructor(
    private readonly file: string,
    partitions: number,
  ) {
    this.descriptor = openSync(`${file}.partial`, "w");
    this.index = Array.from({ length: partitions }, () => []);
  }

  add(partition: number, rows: readonly unknown[]): void {
    if (rows.length === 0) return;
    const bytes = encodeRows(rows);
    this.index[partition]?.push([this.bytes, bytes.length]);
    this.write(bytes);
    this.rows += rows.length;
  }

  finish(): void {
    const index = Buffer.from(JSON.stringify(this.index));
    const footer = Buffer.alloc(footerBytes);
    footer.writeDoubleLE(index.length);
    this.write(index);
    this.write(footer);
    closeSync(this.descriptor);
    renameSync(`${this.file}.partial`, this.file);
  }

  /** After an error: what was written is of no use. */
  abandon(): void {
    closeSync(this.descriptor);
  }

  private write(bytes: Buffer): void {
    for (let written = 0; written < bytes.length;) {
      written += writeSync(this.descriptor, bytes, written);
    }
    this.bytes += bytes.length;
  }
}

/** Tells the chunks of a partition in the order of their writing. */
export function readShuffleFile(
  file: string,
  partition: number,
  listen: (rows: readonly unknown[]) => void,
): void {
  const descriptor = openSync(file, "r");
  try {
    for (const [at, bytes] of readIndex(descriptor)[partition] ?? []) {
      listen(decodeRows(read(descriptor, at, bytes)));
    }
  } finally {
    closeSync(descriptor);
  }
}

/** The bytes of a partition's chunks. */
export function shuffledBytes(file: string, partition: number): number {
  const descriptor = openSync(file, "r");
  try {
    return (readIndex(descriptor)[partition] ?? []).reduce((sum, [, bytes]) => sum + bytes, 0);
  } finally {
    closeSync(descriptor);
  }
}

function readIndex(descriptor: number): Index {
  const { size } = fstatSync(descriptor);
  const bytes = read(descriptor, size - footerBytes, footerBytes).readDoubleLE();
  return JSON.parse(read(descriptor, size - footerBytes - bytes, bytes).toString()) as Index;
}

function read(descriptor: number, at: number, count: number): Buffer {
  const buffer = Buffer.allocUnsafe(count);
  for (let filled = 0; filled < count;) {
    const got = readSync(descriptor, buffer, filled, count - filled, at + filled);
    if (got === 0) throw new Error("a file of rows ends early");
    filled += got;
  }
  return buffer;
}
