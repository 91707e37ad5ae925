/**
 * Runs: sorted pairs of keys and values in files, written by map tasks, merged by reduce tasks. A
 * line a key: the key as JSON, a tab, and its values as a JSON list.
 */
import { closeSync, openSync, readSync, writeSync } from "fs";
import { Heap } from "../../basics";
import type { Json } from "./job";

export interface Group {
  readonly key: string;
  readonly values: readonly Json[];
}

const chunkBytes = 262_144;
const newline = 10;

/** Keys are ordered by their UTF-16 code units, as JavaScript compares strings. */
export function compareKeys(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Writes groups, which must come in the order of their keys; returns the bytes written. */
export function writeRun(file: string, groups: Iterable<Group>): number {
  const descriptor = openSync(file, "w");
  let text = "";
  let bytes = 0;
  try {
    for (const { key, values } of groups) {
      text += `${JSON.stringify(key)}\t${valuesText(values)}\n`;
      if (text.length < chunkBytes) continue;
      bytes += writeSync(descriptor, text);
      text = "";
    }
    return bytes + (text === "" ? 0 : writeSync(descriptor, text));
  } finally {
    closeSync(descriptor);
  }
}

/** The groups of a run, read a chunk at a time; the file is closed at its end, or by `close`. */
class RunReader {
  private readonly descriptor: number;
  private readonly chunk = Buffer.allocUnsafe(chunkBytes);
  private rest: Buffer = Buffer.alloc(0);
  private lines: readonly string[] = [];
  private line = 0;
  private isOpen = true;

  constructor(file: string) {
    this.descriptor = openSync(file, "r");
  }

  next(): Group | undefined {
    while (this.line === this.lines.length) if (!this.readLines()) return undefined;
    return parseGroup(this.lines[this.line++] as string);
  }

  close(): void {
    if (this.isOpen) closeSync(this.descriptor);
    this.isOpen = false;
  }

  /** False at the end of the file. */
  private readLines(): boolean {
    const { chunk, rest } = this;
    const read = this.isOpen ? readSync(this.descriptor, chunk, 0, chunkBytes, null) : 0;
    if (read === 0) {
      this.close();
      return false;
    }
    const bytes = Buffer.concat([rest, chunk.subarray(0, read)]);
    const end = bytes.lastIndexOf(newline) + 1;
    this.rest = bytes.subarray(end);
    // The last line end is left out, so that no empty line follows it.
    this.lines = end === 0 ? [] : bytes.toString("utf8", 0, end - 1).split("\n");
    this.line = 0;
    return true;
  }
}

/** A single number, the value of most combined groups, is written and read without JSON. */
function valuesText(values: readonly Json[]): string {
  const [first] = values;
  const isNumber = values.length === 1 && typeof first === "number" && Number.isFinite(first);
  return isNumber ? `[${String(first)}]` : JSON.stringify(values);
}

/** Numbers of up to so many digits are whole and exact. */
const exactDigits = 15;
const [zero, nine, tab] = [48, 57, 9];

function parseGroup(line: string): Group {
  let value = 0;
  let at = line.length - 2;
  for (let unit = 1; at > 0 && line.length - 2 - at < exactDigits; at--, unit *= 10) {
    const digit = line.charCodeAt(at);
    if (digit < zero || digit > nine) break;
    value += (digit - zero) * unit;
  }
  const isNumber = at < line.length - 2 && line[at] === "[" && line.charCodeAt(at - 1) === tab;
  return isNumber ? { key: keyOf(line, at - 1), values: [value] } : parseValues(line);
}

function parseValues(line: string): Group {
  const end = line.indexOf("\t[");
  return { key: keyOf(line, end), values: JSON.parse(line.slice(end + 1)) as Json[] };
}

function keyOf(line: string, end: number): string {
  const key = line.slice(1, end - 1);
  return key.includes("\\") ? (JSON.parse(line.slice(0, end)) as string) : key;
}

/**
 * Merges runs into one: each key once, its values in the order of the runs.
 *
 * Source: D. Knuth, The Art of Computer Programming 3, section 5.4.1, k-way merge with a heap.
 * Cost: O(n log k) comparisons for n groups in k runs; one group a run in memory.
 */
export function* mergeRuns(files: readonly string[]): Generator<Group> {
  const readers: RunReader[] = [];
  try {
    for (const file of files) readers.push(new RunReader(file));
    yield* mergeReaders(readers);
  } finally {
    for (const reader of readers) reader.close();
  }
}

/** The next group of a run, and the rest of it. */
interface Head {
  group: Group;
  readonly reader: RunReader;
  readonly order: number;
}

function* mergeReaders(readers: readonly RunReader[]): Generator<Group> {
  const heap = new Heap<Head>((left, right) => {
    return compareKeys(left.group.key, right.group.key) || left.order - right.order;
  });
  readers.forEach((reader, order) => {
    const group = reader.next();
    if (group !== undefined) heap.push({ group, reader, order });
  });
  let gathered: { readonly key: string; readonly values: Json[] } | undefined;
  for (let head = heap.peek(); head !== undefined; head = heap.peek()) {
    const { key, values } = head.group;
    if (gathered?.key === key) for (const value of values) gathered.values.push(value);
    else {
      if (gathered !== undefined) yield gathered;
      gathered = { key, values: [...values] };
    }
    advance(heap, head);
  }
  if (gathered !== undefined) yield gathered;
}

function advance(heap: Heap<Head>, head: Head): void {
  const group = head.reader.next();
  if (group === undefined) return void heap.pop();
  head.group = group;
  heap.replaceTop(head);
}
