/**
 * Where a splitter cuts a run: by halving over the run's blocks, then record by record in one.
 * Cost: two small reads for each of log2(blocks) steps.
 */
import { closeSync, openSync, readFileSync, readSync } from "fs";
import type { RunRef, Splitter } from "../tasks";
import type { Arena } from "./arena";
import type { Stretch } from "./arena-plan";
import type { KeyOrder } from "./key-order";
import type { Cut } from "./run-reader";
import { RunReader } from "./run-reader";
import { indexBytes, indexWords } from "./run-writer";

const unused = new Float64Array(1);

interface Search {
  readonly arena: Arena;
  readonly order: KeyOrder;
  /** Of the arena, for one record and a piece of the index. */
  readonly data: Stretch;
  readonly index: Stretch;
}

/** The first record of `run` (number `runIndex` of all) that is not before the splitter. */
export function findCut(
  run: RunRef,
  runIndex: number,
  { splitter, search }: { splitter: Splitter; search: Search },
): Cut {
  const blocks = readBlocks(run.file);
  const isBefore = (record: number, start: number, length: number): boolean => {
    const { key, isWhole } = search.order.encode(start, length);
    if (key !== splitter.key) return key < splitter.key;
    if (!isWhole || !splitter.isWhole) return false;
    return runIndex < splitter.run || (runIndex === splitter.run && record < splitter.record);
  };
  let [first, last] = [0, blocks.length / 2]; // blocks before `first` begin before the splitter
  while (first < last) {
    const middle = (first + last) >> 1;
    const [record, byte] = [blocks[2 * middle] as number, blocks[2 * middle + 1] as number];
    const bytes = firstLength(run, record);
    readAt(run.file, search, { from: search.data.from, bytes }, byte);
    if (isBefore(record, search.data.from, bytes)) first = middle + 1;
    else last = middle;
  }
  if (first === 0) return { record: 0, byte: 0 };
  const low = { record: blocks[2 * first - 2] as number, byte: blocks[2 * first - 1] as number };
  const { file, longestBytes, records, bytes } = run;
  const slice = { file, longestBytes, low, high: { record: records, byte: bytes } };
  const reader = new RunReader(search.arena, slice, search);
  try {
    let { record, byte } = low;
    for (; record < run.records; record++) {
      reader.advance(unused, 0);
      if (!isBefore(record, reader.start, reader.length)) break;
      byte += reader.length;
    }
    return { record, byte };
  } finally {
    reader.close();
  }
}

/** Of an arena that is free. */
export function searchStretches({ longestBytes }: RunRef): Pick<Search, "data" | "index"> {
  const index = { from: 0, bytes: 1_024 * indexBytes };
  return { index, data: { from: index.bytes, bytes: 65_536 + longestBytes } };
}

function readBlocks(file: string): Float64Array {
  const bytes = readFileSync(`${file}.blocks`);
  return new Float64Array(new Uint8Array(bytes).buffer);
}

function firstLength({ file }: RunRef, record: number): number {
  const entry = new Uint32Array(indexWords);
  const descriptor = openSync(`${file}.index`, "r");
  try {
    readSync(descriptor, entry, 0, entry.byteLength, record * entry.byteLength);
    return entry[indexWords - 1] as number;
  } finally {
    closeSync(descriptor);
  }
}

function readAt(file: string, { arena }: Search, to: Stretch, position: number): void {
  const descriptor = openSync(file, "r");
  try {
    readSync(descriptor, arena.bytes, to.from, to.bytes, position);
  } finally {
    closeSync(descriptor);
  }
}
