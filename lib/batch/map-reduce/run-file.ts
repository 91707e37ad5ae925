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

/** The groups of a run, read a chunk at a time. */
function* readRun(file: string): Generator<Group> {
  const descriptor = openSync(file, "r");
  try {
    const chunk = Buffer.allocUnsafe(chunkBytes);
    let rest: Buffer = Buffer.alloc(0);
    for (;;) {
      const read = readSync(descriptor, chunk, 0, chunkBytes, null);
      if (read === 0) return;
      const bytes = Buffer.concat([rest, chunk.subarray(0, read)]);
      const end = bytes.lastIndexOf(10) + 1;
      rest = bytes.subarray(end);
      for (const line of bytes.toString("utf8", 0, end).split("\n")) {
        if (line !== "") yield parseGroup(line);
      }
    }
  } finally {
    closeSync(descriptor);
  }
}

/** A single number, the value of most combined groups, is written and read without JSON. */
function valuesText(values: readonly Json[]): string {
  const [first] = values;
  const isNumber = values.length === 1 && typeof first === "number" && Number.isFinite(first);
  return isNumber ? `[${String(first)}]` : JSON.stringify(values);
}

const plainNumber = /^\[-?[\d.e+-]+\]$/;

function parseGroup(line: string): Group {
  const tab = line.indexOf("\t[");
  const values = line.slice(tab + 1);
  return {
    key: line.includes("\\") ? (JSON.parse(line.slice(0, tab)) as string) : line.slice(1, tab - 1),
    values: plainNumber.test(values)
      ? [Number(values.slice(1, -1))]
      : (JSON.parse(values) as Json[]),
  };
}

/**
 * Merges runs into one: each key once, its values in the order of the runs.
 *
 * Source: D. Knuth, The Art of Computer Programming 3, section 5.4.1, k-way merge with a heap.
 * Cost: O(n log k) comparisons for n groups in k runs; one group a run in memory.
 */
export function* mergeRuns(files: readonly string[]): Generator<Group> {
  const heap = new Heap<Head>((left, right) => {
    return compareKeys(left.group.key, right.group.key) || left.order - right.order;
  });
  files.forEach((file, order) => advance(heap, readRun(file), order));
  let key: string | undefined;
  let values: Json[] = [];
  for (let head = heap.pop(); head !== undefined; head = heap.pop()) {
    if (head.group.key !== key) {
      if (key !== undefined) yield { key, values };
      key = head.group.key;
      values = [];
    }
    for (const value of head.group.values) values.push(value);
    advance(heap, head.run, head.order);
  }
  if (key !== undefined) yield { key, values };
}

/** The next group of a run, and the rest of it. */
interface Head {
  readonly group: Group;
  readonly run: Generator<Group>;
  readonly order: number;
}

function advance(heap: Heap<Head>, run: Generator<Group>, order: number): void {
  const next = run.next();
  if (!next.done) heap.push({ group: next.value, run, order });
}
