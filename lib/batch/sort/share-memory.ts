/** How the memory of a sort is shared out among its threads, and how large its splits are then. */
import { availableParallelism } from "os";
import { wholeInRange } from "../../basics";
import { leastArenaBytes, runBytes } from "./data-plane/arena-plan";

/** What a thread of Node costs beside its arena. */
const threadBytes = 14 * 2 ** 20;
/** What the main thread takes to look after them. */
const mainBytes = 10 * 2 ** 20;
/** Books are kept of each split and its run; those of so many are in `mainBytes`. */
const bookedSplits = 128;
const bookBytes = 16_384;
/** A smaller range is not worth a task. */
export const leastRangeBytes = 2 ** 20;

export interface MemoryWanted {
  readonly memoryBytes?: number;
  readonly workers?: number;
  readonly splitBytes?: number;
}

export interface MemoryShares {
  readonly workers: number;
  /** Of each thread. */
  readonly arenaBytes: number;
  readonly splitBytes: number;
}

/** For an input of `total` bytes. Throws RangeError for what is out of range, or too little. */
export function shareMemory(wanted: MemoryWanted, total: number): MemoryShares {
  const workersWanted = wanted.workers ?? availableParallelism();
  const workers = wholeInRange("workers", workersWanted, { min: 1, max: 64 });
  const least = mainBytes + workers * (threadBytes + leastArenaBytes);
  const memory = wanted.memoryBytes ?? Math.max(256 * 2 ** 20, least);
  wholeInRange("memoryBytes", memory, { min: least, max: 2 ** 40 });
  if (wanted.splitBytes !== undefined) {
    wholeInRange("splitBytes", wanted.splitBytes, { min: 1, max: 2 ** 31 });
  }
  const sizeOf = (arenaBytes: number): number =>
    wanted.splitBytes ?? splitSize(total, workers, arenaBytes);
  let arenaBytes = arenaOf(memory, workers);
  // Smaller arenas make more splits, of which books are kept again: it settles at once as a rule.
  for (let round = 0; round < 4; round++) {
    const books = booksOf(Math.ceil(total / sizeOf(arenaBytes)));
    wholeInRange("memoryBytes", memory, { min: least + books, max: 2 ** 40 });
    arenaBytes = arenaOf(memory - books, workers);
  }
  return { workers, arenaBytes, splitBytes: sizeOf(arenaBytes) };
}

function booksOf(splits: number): number {
  return Math.max(0, splits - bookedSplits) * bookBytes;
}

function arenaOf(memory: number, workers: number): number {
  return Math.min(Math.floor((memory - mainBytes) / workers) - threadBytes, 2 ** 31);
}

/** Equal parts for all workers, each small enough for one run. */
function splitSize(total: number, workers: number, arenaBytes: number): number {
  if (total < leastRangeBytes) return leastRangeBytes;
  const count = Math.ceil(total / runBytes(arenaBytes) / workers) * workers;
  return Math.ceil(total / count);
}
