/**
 * One writer for all: threads put their requests into mailboxes, a batch at a time, and one thread
 * that alone touches the trains serves box after box, without a lock.
 *
 * Source: the single writer principle of the LMAX Disruptor, M. Thompson and others, 2011, and
 * H-Store's partitions of one thread, R. Kallman and others, VLDB 2008.
 * Cost: two hand-overs a batch, however large the batch.
 */
import { maskOf, tightest } from "./train-memory";
import type { SharedTrains } from "./train-memory";

export const batch = 32;
/** Of a request: 0 book, 1 release; train, from, to, berth. */
const fields = 5;
/** Words of a box: its state, its count, its requests. */
const boxWords = 2 + batch * fields;

/** Word 0 counts what was posted, for the writer to wait on; then a box for each thread. */
export function mailboxes(threads: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(4 * (1 + threads * boxWords)));
}

export interface Request {
  readonly isRelease: boolean;
  readonly train: number;
  readonly from: number;
  readonly to: number;
  readonly berth: number;
}

/** Has all of them done by the writer; returns the berths. */
export function post(boxes: Int32Array, thread: number, requests: readonly Request[]): number[] {
  const box = 1 + thread * boxWords;
  boxes[box + 1] = requests.length;
  requests.forEach(({ isRelease, train, from, to, berth }, i) => {
    boxes.set([isRelease ? 1 : 0, train, from, to, berth], box + 2 + i * fields);
  });
  Atomics.store(boxes, box, 1);
  Atomics.add(boxes, 0, 1);
  Atomics.notify(boxes, 0);
  while (Atomics.load(boxes, box) === 1) Atomics.wait(boxes, box, 1);
  return requests.map((_, i) => boxes[box + 2 + i * fields + 4] as number);
}

/** Serves until `isOver`; called in the writer's thread. */
export function serve(
  boxes: Int32Array,
  trains: SharedTrains,
  { threads, isOver }: { readonly threads: number; readonly isOver: () => boolean },
): void {
  while (!isOver()) {
    const posted = Atomics.load(boxes, 0);
    let served = 0;
    for (let thread = 0; thread < threads; thread++) {
      const box = 1 + thread * boxWords;
      if (Atomics.load(boxes, box) !== 1) continue;
      for (let i = 0; i < (boxes[box + 1] as number); i++) {
        serveOne(boxes, trains, box + 2 + i * fields);
      }
      Atomics.store(boxes, box, 0);
      Atomics.notify(boxes, box);
      served++;
    }
    if (served === 0) Atomics.wait(boxes, 0, posted, 20);
  }
}

function serveOne(boxes: Int32Array, trains: SharedTrains, at: number): void {
  const [isRelease, train, from, to, berth] = boxes.subarray(
    at,
    at + fields,
  ) as unknown as number[];
  const stops = { from: from as number, to: to as number };
  if (isRelease === 1) {
    (trains.taken[berth as number] as number) &= ~maskOf(stops);
    return;
  }
  const chosen = tightest(trains, train as number, stops);
  if (chosen >= 0) (trains.taken[chosen] as number) |= maskOf(stops);
  boxes[at + 4] = chosen;
}
