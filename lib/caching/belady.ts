/**
 * The fewest misses that any cache could have that knows the future: what is asked for again the
 * latest, or never, goes first.
 *
 * Source: L. Belady, "A study of replacement algorithms for a virtual-storage computer", IBM
 * Systems Journal 5(2), 1966, algorithm MIN. Every key that misses is brought in.
 * Assumes: weights of 1.
 * Guarantees: no cache of this size that brings in what misses has fewer misses.
 * Cost: O(n log n) time and some 24 bytes a request, for n requests.
 */
import { wholeInRange } from "../basics";

/** How many of the requests miss. `capacity`: entries, from 1. */
export function minimumMisses(trace: ArrayLike<number>, capacity: number): number {
  wholeInRange("capacity", capacity, { min: 1, max: 2 ** 31 - 1 });
  const next = nextUses(trace);
  const latest = new LatestUses(trace.length);
  /** The next use of each key that is here; a place of the heap without it is out of date. */
  const isHere = new Set<number>();
  let misses = 0;
  for (let i = 0; i < trace.length; i++) {
    if (!isHere.has(trace[i])) {
      misses++;
      if (isHere.size === capacity) isHere.delete(trace[latest.pop()]);
      isHere.add(trace[i]);
    }
    latest.push(i, next[i]);
  }
  return misses;
}

/** For each request, when its key is asked for again; after the end: never. */
function nextUses(trace: ArrayLike<number>): Float64Array {
  const next = new Float64Array(trace.length);
  const seen = new Map<number, number>();
  for (let i = trace.length - 1; i >= 0; i--) {
    next[i] = seen.get(trace[i]) ?? trace.length;
    seen.set(trace[i], i);
  }
  return next;
}

/**
 * A max-heap of requests by next use. A request that was followed by another of its key is out of
 * date, but its next use is past then, and those of keys that are here are not: it never comes out.
 */
class LatestUses {
  private readonly request: Int32Array;
  private readonly use: Float64Array;
  private size = 0;

  constructor(room: number) {
    this.request = new Int32Array(room);
    this.use = new Float64Array(room);
  }

  push(request: number, use: number): void {
    let at = this.size++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.use[parent] >= use) break;
      this.write(at, this.request[parent], this.use[parent]);
      at = parent;
    }
    this.write(at, request, use);
  }

  pop(): number {
    const top = this.request[0];
    const last = --this.size;
    const use = this.use[last];
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= last) break;
      if (child + 1 < last && this.use[child + 1] > this.use[child]) child++;
      if (this.use[child] <= use) break;
      this.write(at, this.request[child], this.use[child]);
      at = child;
    }
    this.write(at, this.request[last], use);
    return top;
  }

  private write(at: number, request: number, use: number): void {
    this.request[at] = request;
    this.use[at] = use;
  }
}
