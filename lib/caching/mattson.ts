/**
 * The hit ratio of LRU at every size at once, in one pass: a request hits in each cache that holds
 * at least as many keys as were asked for since the key's last request.
 *
 * Source: R. Mattson et al., "Evaluation techniques for storage hierarchies", IBM Systems Journal
 * 9(2), 1970; the stack is a tree of counts over time (P. Fenwick, "A new data structure for
 * cumulative frequency tables", 1994), as B. Bennett and V. Kruskal did, 1975.
 * Guarantees: exact for weights of 1.
 * Cost: O(log k) a request and some 100 bytes a key, for k keys, however long the trace.
 */
import { wholeInRange } from "../basics";

export class StackDistances {
  /** Of each key, the time of its last request; in order of the times after `pack`. */
  private readonly lastAt = new Map<number, number>();
  /** A Fenwick tree: 1 at the last request of every key; times from 1. */
  private tree = new Int32Array(1_025);
  private time = 0;
  private total = 0;
  /** How many requests had each distance. */
  private readonly atDistance: number[] = [];

  /** All requests of a trace, in order. */
  static of(trace: ArrayLike<number>): StackDistances {
    const distances = new StackDistances();
    for (let i = 0; i < trace.length; i++) distances.add(trace[i]);
    return distances;
  }

  /** One more request. Its distance: the size of the smallest LRU that hits; Infinity: none. */
  add(key: number): number {
    if (this.time === this.tree.length - 1) this.pack();
    const last = this.lastAt.get(key);
    this.time++;
    this.total++;
    this.change(this.time, 1);
    this.lastAt.set(key, this.time);
    if (last === undefined) return Infinity;
    this.change(last, -1);
    const distance = this.lastAt.size - this.upTo(last);
    this.atDistance[distance] = (this.atDistance[distance] ?? 0) + 1;
    return distance;
  }

  get requests(): number {
    return this.total;
  }

  /** How many different keys were asked for: a cache of this size misses each but once. */
  get keys(): number {
    return this.lastAt.size;
  }

  /** Hits of LRU for each of these sizes, in entries, in their order. */
  hits(sizes: readonly number[]): number[] {
    for (const size of sizes) wholeInRange("size", size, { min: 0, max: 2 ** 31 - 1 });
    const order = sizes.map((_, i) => i).sort((a, b) => sizes[a] - sizes[b]);
    const result = new Array<number>(sizes.length).fill(0);
    let [sum, distance] = [0, 0];
    for (const i of order) {
      const end = Math.min(sizes[i], this.atDistance.length - 1);
      while (distance < end) sum += this.atDistance[++distance] ?? 0;
      result[i] = sum;
    }
    return result;
  }

  /** Hit ratio of LRU, 0 to 1, for each of these sizes. */
  ratios(sizes: readonly number[]): number[] {
    return this.hits(sizes).map((hits) => (this.total === 0 ? 0 : hits / this.total));
  }

  /** Numbers the last requests anew, without gaps; room for as many new ones as there are keys. */
  private pack(): void {
    const keys = [...this.lastAt].sort(([, left], [, right]) => left - right);
    this.tree = new Int32Array(Math.max(1_025, 2 * keys.length + 1));
    this.time = 0;
    for (const [key] of keys) {
      this.lastAt.set(key, ++this.time);
      this.change(this.time, 1);
    }
  }

  private change(at: number, by: number): void {
    for (let i = at; i < this.tree.length; i += i & -i) this.tree[i] += by;
  }

  /** How many keys had their last request at this time or before. */
  private upTo(at: number): number {
    let sum = 0;
    for (let i = at; i > 0; i -= i & -i) sum += this.tree[i];
    return sum;
  }
}
