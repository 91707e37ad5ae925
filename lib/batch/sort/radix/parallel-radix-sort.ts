/**
 * The same radix sort on all cores, over shared memory: each thread counts and scatters its share
 * of the keys into buckets, then they take the buckets one by one. They wait at barriers only.
 *
 * Source: D. Knuth, The Art of Computer Programming 3, section 5.2.5; the counts by thread and
 * bucket make the places: M. Zagha and G. Blelloch, "Radix Sort for Vector Multiprocessors", 1991.
 * Cost: as on one thread, shared out; some 30 ms for the threads to start. A bucket is sorted by
 * one thread, so keys of few values gain less.
 */
import { availableParallelism } from "os";
import { join } from "path";
import { Worker } from "worker_threads";
import { wholeInRange } from "../../../basics";
import { radixSort } from "./radix-sort";
import type { RadixShare } from "./radix-thread";

export interface ParallelRadixOptions {
  /** Threads, the caller's included, 1 to 64; default one a core. */
  readonly workers?: number;
}

/** Fewer are sorted before other threads have started. */
const leastKeys = 1_000_000;

/** Sorts the keys in place, on all cores when they are many. Rejects when a thread dies. */
export async function parallelRadixSort(
  keys: Uint32Array,
  options: ParallelRadixOptions = {},
): Promise<Uint32Array> {
  const wanted = options.workers ?? availableParallelism();
  const workers = wholeInRange("workers", wanted, { min: 1, max: 64 });
  if (workers === 1 || keys.length < leastKeys) return radixSort(keys);
  const bytes = keys.byteLength;
  const isShared = keys.buffer instanceof SharedArrayBuffer;
  const source = isShared ? keys : new Uint32Array(new SharedArrayBuffer(bytes));
  if (!isShared) source.set(keys);
  const share = {
    keys: source,
    other: new Uint32Array(new SharedArrayBuffer(bytes)),
    control: new Int32Array(new SharedArrayBuffer(16 + workers * 1024)),
    workers,
  };
  await Promise.all(Array.from({ length: workers }, (_, me) => startThread({ ...share, me })));
  if (!isShared) keys.set(source);
  return keys;
}

/** Resolves when the thread has done its share. */
function startThread(share: RadixShare): Promise<void> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(join(__dirname, "radix-thread.js"), { workerData: share });
    thread.on("error", reject);
    thread.on("exit", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`a sorting thread ended with code ${code}`));
    });
  });
}
