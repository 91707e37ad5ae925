/** The groups with the greatest numbers, chosen without sorting all. */
import { Heap } from "../../../basics";
import type { ResultRow } from "../job";
import { compareKeys } from "../run-file";
import { rankOf } from "./cells";
import type { GroupByJob, Top } from "./group-by";
import type { GroupTable } from "./group-table";

interface Ranked<T> {
  readonly rank: number;
  readonly key: () => string;
  readonly item: T;
}

/** Keeps the `count` items of the greatest ranks that it is shown; of equal ones the first keys. */
class TopHeap<T> {
  /** The worst of those kept comes first. */
  private readonly heap = new Heap<Ranked<T>>((left, right) => -compareRanked(left, right));

  constructor(private readonly count: number) {}

  show(ranked: Ranked<T>): void {
    const worst = this.heap.peek();
    const isFull = this.heap.size === this.count;
    if (isFull && worst !== undefined && compareRanked(ranked, worst) >= 0) return;
    if (isFull) this.heap.pop();
    this.heap.push(ranked);
  }

  /** Best first. */
  items(): T[] {
    const items: T[] = [];
    for (let next = this.heap.pop(); next !== undefined; next = this.heap.pop()) {
      items.push(next.item);
    }
    return items.reverse();
  }
}

/** Greater ranks first, then lesser keys. */
function compareRanked(left: Ranked<unknown>, right: Ranked<unknown>): number {
  if (left.rank !== right.rank) return right.rank - left.rank;
  return compareKeys(left.key(), right.key());
}

/** Which groups of a table can be among the top ones of the whole job; in any order. */
export function topOfTable(job: GroupByJob, top: Top, table: GroupTable): Uint32Array {
  const rank = rankOf(job, top);
  const best = new TopHeap<number>(top.count);
  for (let group = 0; group < table.size; group++) {
    const key = (): string => table.keyText(group);
    best.show({ rank: rank(table.cells, group * table.stride), key, item: group });
  }
  return Uint32Array.from(best.items());
}

/** The top rows, best first. */
export function topRows(rows: Iterable<ResultRow<unknown>>, top: Top): ResultRow<unknown>[] {
  const best = new TopHeap<ResultRow<unknown>>(top.count);
  for (const row of rows) {
    best.show({ rank: rankOfValue(row.value, top.by), key: () => row.key, item: row });
  }
  return best.items();
}

function rankOfValue(value: unknown, by: string): number {
  const isNamed = typeof value === "object" && value !== null;
  const number = isNamed ? (value as Record<string, number | null>)[by] : (value as number | null);
  return number ?? -Infinity;
}
