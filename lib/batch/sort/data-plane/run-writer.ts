/**
 * Writes a run: its records; an index of their prefixes and lengths, so that a merge neither looks
 * for line ends nor reads keys again; and where its blocks begin, to find a key without an index of
 * everything in memory.
 */
import { closeSync, openSync, writeFileSync } from "fs";
import type { KeySample, MadeRun } from "../tasks";
import type { Arena } from "./arena";
import type { KeyOrder } from "./key-order";
import type { RecordTable } from "./record-table";
import { Sink } from "./sink";

/** Words of the index a record: high and low prefix, length. */
export const indexWords = 3;
export const indexBytes = 4 * indexWords;
const blockRecords = 1_024;
const blockBytes = 65_536;

export interface RunPlace {
  readonly worker: string;
  readonly taskId: number;
  readonly part: number;
  readonly file: string;
  /** 64 of one run are enough for a few ranges a worker to be equal to some percent. */
  readonly samplesPerRun: number;
  /** Two stretches of the arena to write through, a multiple of 24 bytes each. */
  readonly data: { readonly from: number; readonly bytes: number };
  readonly index: { readonly from: number; readonly bytes: number };
}

/** Writes the records of the table in the order of `indices`. */
export function writeRun(
  arena: Arena,
  { table, indices, order }: { table: RecordTable; indices: Uint32Array; order: KeyOrder },
  place: RunPlace,
): MadeRun {
  const { worker, taskId, part, file } = place;
  const samples = sampleKeys({ table, indices }, order, place.samplesPerRun);
  const dataFile = openSync(file, "w");
  const indexFile = openSync(`${file}.index`, "w");
  try {
    const data = new Sink(arena, dataFile, { ...place.data, position: 0 });
    const index = new Sink(arena, indexFile, { ...place.index, position: 0 });
    const { bytes, blocks, longestBytes } = writeRecords(arena, { table, indices }, [data, index]);
    data.flush();
    index.flush();
    writeFileSync(`${file}.blocks`, new Uint8Array(Float64Array.from(blocks).buffer));
    return { worker, taskId, part, file, records: table.count, bytes, longestBytes, samples };
  } finally {
    closeSync(dataFile);
    closeSync(indexFile);
  }
}

function writeRecords(
  arena: Arena,
  ordered: OrderedTable,
  [data, index]: readonly [Sink, Sink],
): Layout {
  const { starts, lengths, count } = ordered.table;
  const layout: Layout = { blocks: [], blockEnd: 0, nextBlock: 0, bytes: 0, longestBytes: 0 };
  const words = arena.words(0, arena.bytes.length >> 2);
  for (let from = 0, to = 0; from < count; from = to) {
    if (index.at === index.limit) index.flush();
    to = Math.min(count, from + Math.floor((index.limit - index.at) / indexBytes));
    to = fill(arena, { ...ordered, from, to }, data);
    if (to === from) {
      const record = ordered.indices[to++] as number; // does not fit what is left of the buffer
      data.put(starts[record] as number, lengths[record] as number);
    }
    putEntries(words, { ...ordered, from, to, at: index.at >> 2 }, layout);
    index.at += (to - from) * indexBytes;
  }
  return layout;
}

interface OrderedTable {
  readonly table: RecordTable;
  readonly indices: Uint32Array;
}

interface Layout {
  /** By block: its first record, and where that begins. */
  readonly blocks: number[];
  /** The next block begins with that record, or with the first one from that byte on. */
  nextBlock: number;
  blockEnd: number;
  bytes: number;
  longestBytes: number;
}

/** Copies records until the buffer is full; returns where it stopped. */
function fill(
  arena: Arena,
  { table, indices, from, to }: OrderedTable & { from: number; to: number },
  data: Sink,
): number {
  const { starts, lengths } = table;
  const { limit } = data;
  let { at } = data;
  let place = from;
  for (; place < to; place++) {
    const record = indices[place] as number;
    const length = lengths[record] as number;
    if (at + length > limit) break;
    arena.copy(at, starts[record] as number, length);
    at += length;
  }
  data.at = at;
  return place;
}

/** Writes the entries of records `from` to `to` into the index's buffer, from word `at` on. */
function putEntries(
  words: Uint32Array,
  { table, indices, from, to, at }: OrderedTable & { from: number; to: number; at: number },
  layout: Layout,
): void {
  const { lengths, high, low } = table;
  let { bytes, longestBytes, nextBlock, blockEnd } = layout;
  for (let place = from, word = at; place < to; place++, word += indexWords) {
    const record = indices[place] as number;
    const length = lengths[record] as number;
    if (place === nextBlock || bytes >= blockEnd) {
      layout.blocks.push(place, bytes);
      nextBlock = place + blockRecords;
      blockEnd = bytes + blockBytes;
    }
    words[word] = high[record] as number;
    words[word + 1] = low[record] as number;
    words[word + 2] = length;
    bytes += length;
    if (length > longestBytes) longestBytes = length;
  }
  Object.assign(layout, { bytes, longestBytes, nextBlock, blockEnd });
}

function sampleKeys({ table, indices }: OrderedTable, order: KeyOrder, most: number): KeySample[] {
  const { starts, lengths, count } = table;
  const wanted = Math.min(count, most);
  return Array.from({ length: wanted }, (_, i) => {
    const record = Math.floor(((i + 0.5) * count) / wanted);
    const index = indices[record] as number;
    return { record, ...order.encode(starts[index] as number, lengths[index] as number) };
  });
}
