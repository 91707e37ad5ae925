/**
 * The first k rows of an order without sorting the rest, from one source or from many shards.
 *
 * Source: R. Fagin, A. Lotem, M. Naor, "Optimal Aggregation Algorithms for Middleware", 2003, for
 * why the first k of each shard suffice. Ours keeps k rows in a heap, the last of them on top.
 * Guarantees: equal to the head of the whole stable sort, shards taken one after the other.
 * Cost: O(n log k) time, O(k) memory a shard.
 */
import { Heap, wholeInRange } from "../../../basics";
import type { RowComparison } from "./sort-rows";

interface Placed<Row> {
  readonly row: Row;
  readonly shard: number;
  readonly place: number;
}

/** The first `count` rows (0 to 10 million), in order. */
export function topK<Row>(rows: Iterable<Row>, count: number, compare: RowComparison<Row>): Row[] {
  return topKOfShards([rows], count, compare);
}

/** The same over shards, each of which is asked for its own first rows only. */
export function topKOfShards<Row>(
  shards: readonly Iterable<Row>[],
  count: number,
  compare: RowComparison<Row>,
): Row[] {
  wholeInRange("count", count, { min: 0, max: 10_000_000 });
  const inOrder = (left: Placed<Row>, right: Placed<Row>): number =>
    compare(left.row, right.row) || left.shard - right.shard || left.place - right.place;
  const heads = shards.flatMap((rows, shard) => headOf(rows, { shard, count, inOrder }));
  return heads
    .sort(inOrder)
    .slice(0, count)
    .map(({ row }) => row);
}

function headOf<Row>(
  rows: Iterable<Row>,
  {
    shard,
    count,
    inOrder,
  }: {
    shard: number;
    count: number;
    inOrder: (left: Placed<Row>, right: Placed<Row>) => number;
  },
): Placed<Row>[] {
  if (count === 0) return [];
  const heap = new Heap<Placed<Row>>((left, right) => inOrder(right, left));
  let place = 0;
  for (const row of rows) {
    const placed = { row, shard, place: place++ };
    if (heap.size === count) {
      if (inOrder(placed, heap.peek() as Placed<Row>) >= 0) continue;
      heap.pop();
    }
    heap.push(placed);
  }
  const head: Placed<Row>[] = [];
  for (let last = heap.pop(); last !== undefined; last = heap.pop()) head.push(last);
  return head;
}
