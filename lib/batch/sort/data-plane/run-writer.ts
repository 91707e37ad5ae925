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
const blockRecords = 1_024;
const blockBytes = 65_536;
/** Enough for a few ranges a worker to be equal to some percent. */
const samplesPerRun = 64;

export interface RunPlace {
  readonly worker: string;
  readonly taskId: number;
  readonly part: number;
  readonly file: string;
  /** Two stretches of the arena to write through, a multiple of 24 bytes each. */
  readonly data: { readonly from: number; readonly bytes: number };
  readonly index: { readonly from: number; readonly bytes: number };
}

/** Writes the records of the table in the order of `indices`. */
export async function writeRun(
  arena: Arena,
  { table, indices, order }: { table: RecordTable; indices: Uint32Array; order: KeyOrder },
  place: RunPlace,
): Promise<MadeRun> {
  const { worker, taskId, part, file } = place;
  const samples = sampleKeys(table, indices, order);
  const dataFile = openSync(file, "w");
  const indexFile = openSync(`${file}.index`, "w");
  try {
    const data = new Sink(arena, dataFile, { ...place.data, position: 0 });
    const index = new Sink(arena, indexFile, { ...place.index, position: 0 });
    const { bytes, blocks, longestBytes } = await writeRecords(arena, { table, indices }, [
      data,
      index,
    ]);
    await data.end();
    await index.end();
    writeFileSync(`${file}.blocks`, new Uint8Array(Float64Array.from(blocks).buffer));
    return { worker, taskId, part, file, records: table.count, bytes, longestBytes, samples };
  } finally {
    closeSync(dataFile);
    closeSync(indexFile);
  }
}

async function writeRecords(
  arena: Arena,
  { table, indices }: { table: RecordTable; indices: Uint32Array },
  [data, index]: readonly [Sink, Sink],
): Promise<{ bytes: number; blocks: number[]; longestBytes: number }> {
  const { starts, lengths, high, low, count } = table;
  const words = arena.words(0, arena.bytes.length >> 2);
  const blocks: number[] = [];
  let [bytes, longestBytes, block, blockEnd] = [0, 0, 0, 0];
  for (let i = 0; i < count; i++) {
    const record = indices[i] as number;
    const length = lengths[record] as number;
    if (i === block || bytes >= blockEnd) {
      blocks.push(i, bytes);
      block = i + blockRecords;
      blockEnd = bytes + blockBytes;
    }
    if (data.at + length <= data.limit) {
      arena.copy(data.at, starts[record] as number, length);
      data.at += length;
    } else await data.put(starts[record] as number, length);
    if (index.at === index.limit) await index.turn();
    const word = index.at >> 2;
    words[word] = high[record] as number;
    words[word + 1] = low[record] as number;
    words[word + 2] = length;
    index.at += indexWords * 4;
    bytes += length;
    if (length > longestBytes) longestBytes = length;
  }
  return { bytes, blocks, longestBytes };
}

function sampleKeys(table: RecordTable, indices: Uint32Array, order: KeyOrder): KeySample[] {
  const { starts, lengths, count } = table;
  const wanted = Math.min(count, samplesPerRun);
  return Array.from({ length: wanted }, (_, i) => {
    const record = Math.floor(((i + 0.5) * count) / wanted);
    const index = indices[record] as number;
    return { record, ...order.encode(starts[index] as number, lengths[index] as number) };
  });
}
