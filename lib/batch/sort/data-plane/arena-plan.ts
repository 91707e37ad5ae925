/** How a thread's memory is shared out, in each of the two phases. */
import type { Chunk } from "./chunk-reader";
import { tableBytesPerRecord } from "./record-table";

export interface Stretch {
  readonly from: number;
  readonly bytes: number;
}

/** What a thread needs at least. */
export const leastArenaBytes = 4 * 2 ** 20;
/** A line must fit in so small a part of the arena, so that many runs can be merged. */
const longestRecordShare = 16;
const indexBytesPerRecord = 12;
const mostReadBytes = 2 ** 20;
/** Stays in the cache of a core. */
const mostWriteBytes = 2 ** 18;
const leastReadBytes = 16_384;

function down(bytes: number, unit: number): number {
  return Math.floor(bytes / unit) * unit;
}

/** While runs are made: two buffers for writing, a table of records, the chunk. */
export function planRuns(arenaBytes: number): {
  data: Stretch;
  index: Stretch;
  tableAt: number;
  capacity: number;
  chunk: Chunk;
} {
  const dataBytes = down(Math.min(mostWriteBytes, arenaBytes / 16), 24);
  const indexBytes = down(dataBytes / 8, 24);
  const tableAt = dataBytes + indexBytes;
  const left = arenaBytes - tableAt - 1;
  // A table for lines of 96 bytes on the average; of shorter ones a chunk holds fewer.
  const capacity = Math.floor(left / 4 / tableBytesPerRecord);
  const from = tableAt + capacity * tableBytesPerRecord;
  const longestRecordBytes = Math.floor(arenaBytes / longestRecordShare);
  return {
    data: { from: 0, bytes: dataBytes },
    index: { from: dataBytes, bytes: indexBytes },
    tableAt,
    capacity,
    chunk: { from, bytes: arenaBytes - from - 1, longestRecordBytes },
  };
}

/** The bytes of input that make one run as a rule. */
export function runBytes(arenaBytes: number): number {
  const { chunk } = planRuns(arenaBytes);
  return Math.floor(chunk.bytes * 0.95);
}

interface Run {
  readonly longestBytes: number;
}

function planOutput(arenaBytes: number): { output: Stretch; index: Stretch; end: number } {
  const bytes = down(Math.min(mostWriteBytes, arenaBytes / 8), 24);
  const index = { from: bytes, bytes: down(bytes / 8, 24) };
  return { output: { from: 0, bytes }, index, end: bytes + index.bytes };
}

/**
 * How many of the runs, from the first on, can be merged at once, in so many bytes of memory and
 * with so many of them open. Two always can: a line is a sixteenth of the memory at most.
 */
export function fanIn(
  runs: readonly Run[],
  { arenaBytes, openRuns }: { readonly arenaBytes: number; readonly openRuns: number },
): number {
  let left = arenaBytes - planOutput(arenaBytes).end;
  const most = Math.min(runs.length, openRuns);
  for (let count = 0; count < most; count++) {
    left -= leastReadBytes + (runs[count] as Run).longestBytes;
    if (left < 0) return count;
  }
  return most;
}

/**
 * While runs are merged: buffers for writing records and their index; for each run, one of its
 * data, one of its index.
 */
export function planMerge(
  arenaBytes: number,
  runs: readonly Run[],
): { output: Stretch; index: Stretch; readers: { data: Stretch; index: Stretch }[] } {
  const { output, index, end } = planOutput(arenaBytes);
  const longest = runs.reduce((sum, { longestBytes }) => sum + longestBytes, 0);
  const share = Math.floor((arenaBytes - end - longest) / Math.max(1, runs.length));
  const readBytes = down(Math.min(mostReadBytes, share - 4), 48);
  const indexBytes = down(readBytes / 8, indexBytesPerRecord);
  let at = end;
  const readers = runs.map(({ longestBytes }) => {
    const index = { from: at, bytes: indexBytes };
    const data = { from: at + indexBytes, bytes: readBytes - indexBytes + longestBytes };
    at = down(data.from + data.bytes + 3, 4);
    return { data, index };
  });
  return { output, index, readers };
}
