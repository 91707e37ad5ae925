/** One thread of the parallel radix sort; all of them run this on the same memory. */
import { workerData } from "worker_threads";
import { bucketCount, bucketShift, countBuckets, makeTables } from "./radix-sort";
import { scatterBuckets, sortBucket } from "./radix-sort";

export interface RadixShare {
  readonly keys: Uint32Array;
  readonly other: Uint32Array;
  /** Four words (arrivals, all bits that occur, next bucket, unused), then counts by thread. */
  readonly control: Int32Array;
  readonly workers: number;
  /** From 0. */
  readonly me: number;
}

const [arrivals, allBits, nextBucket, countsAt] = [0, 1, 2, 4];

const share = workerData as RadixShare;
const { keys, other, control, workers, me } = share;

/** Waits until all threads have come to the barrier for the `round`-th time. */
function barrier(round: number): void {
  const all = round * workers;
  let here = Atomics.add(control, arrivals, 1) + 1;
  if (here === all) return void Atomics.notify(control, arrivals);
  while (here < all) {
    Atomics.wait(control, arrivals, here, 1_000);
    here = Atomics.load(control, arrivals);
  }
}

function run(): void {
  const edge = (worker: number): number => Math.floor((worker * keys.length) / workers);
  const own = { from: edge(me), to: edge(me + 1) };
  const ownShift = bucketShift(keys, own);
  // The most significant bit that occurs anywhere decides: whoever shifts furthest is right.
  Atomics.or(control, allBits, 2 ** ownShift - 1);
  barrier(1);
  const shift = 32 - Math.clz32(Atomics.load(control, allBits));
  const counts = countBuckets(keys, own, shift);
  control.set(counts, countsAt + me * bucketCount);
  barrier(2);
  const { places, starts } = placesOf(me);
  scatterBuckets({ from: keys, to: other }, own, { places, shift });
  barrier(3);
  const tables = makeTables();
  for (;;) {
    const bucket = Atomics.add(control, nextBucket, 1);
    if (bucket >= bucketCount) return;
    const range = { from: starts[bucket] as number, to: starts[bucket + 1] as number };
    sortBucket({ from: other, to: keys }, range, tables);
  }
}

/** Where this thread's keys of each bucket go, and where each bucket starts. */
function placesOf(worker: number): { places: Uint32Array; starts: Uint32Array } {
  const places = new Uint32Array(bucketCount);
  const starts = new Uint32Array(bucketCount + 1);
  let sum = 0;
  for (let bucket = 0; bucket < bucketCount; bucket++) {
    starts[bucket] = sum;
    for (let other = 0; other < workers; other++) {
      if (other === worker) places[bucket] = sum;
      sum += control[countsAt + other * bucketCount + bucket] as number;
    }
  }
  starts[bucketCount] = sum;
  return { places, starts };
}

run();
