/**
 * A min-heap of plain data from whose midst things can be taken: what waits knows its own place.
 * Nothing in it has methods, so that it is part of a state that is copied and compared.
 *
 * Source: J. W. J. Williams, "Algorithm 232: Heapsort", CACM 7(6), 1964; places as in "Introduction
 * to Algorithms", 3rd ed., section 6.5 (handles). Ranks differ in their numbers, so that the order
 * in which things come out does not depend on the order in which they went in.
 * Cost: O(log n) to put in, take out or move; O(1) to look at the first.
 */
export interface Ranked<T> {
  readonly item: T;
  /** Compared in this order; the smallest comes first. */
  first: number;
  second: number;
  /** Different in each of a heap. */
  number: number;
  /** Where it is in the heap's array; -1: not in it. */
  place: number;
}

export type RankedHeap<T> = Ranked<T>[];

export function ranked<T>(item: T, number: number): Ranked<T> {
  return { item, first: 0, second: 0, number, place: -1 };
}

/** Puts it in, or moves it to where its rank is now. */
export function place<T>(heap: RankedHeap<T>, entry: Ranked<T>): void {
  if (entry.place < 0) {
    entry.place = heap.length;
    heap.push(entry);
  }
  rise(heap, entry);
  sink(heap, entry);
}

/** Takes it out; nothing happens when it is not in. */
export function remove<T>(heap: RankedHeap<T>, entry: Ranked<T>): void {
  const at = entry.place;
  if (at < 0) return;
  entry.place = -1;
  const last = heap.pop() as Ranked<T>;
  if (last === entry) return;
  heap[at] = last;
  last.place = at;
  rise(heap, last);
  sink(heap, last);
}

export function isBefore<T>(left: Ranked<T>, right: Ranked<T>): boolean {
  if (left.first !== right.first) return left.first < right.first;
  if (left.second !== right.second) return left.second < right.second;
  return left.number < right.number;
}

function rise<T>(heap: RankedHeap<T>, entry: Ranked<T>): void {
  let at = entry.place;
  while (at > 0) {
    const parent = heap[(at - 1) >> 1];
    if (!isBefore(entry, parent)) break;
    heap[at] = parent;
    const above = parent.place;
    parent.place = at;
    at = above;
  }
  heap[at] = entry;
  entry.place = at;
}

function sink<T>(heap: RankedHeap<T>, entry: Ranked<T>): void {
  let at = entry.place;
  for (;;) {
    const left = 2 * at + 1;
    if (left >= heap.length) break;
    const right = left + 1;
    const isRight = right < heap.length && isBefore(heap[right], heap[left]);
    const child = heap[isRight ? right : left];
    if (!isBefore(child, entry)) break;
    heap[at] = child;
    const below = child.place;
    child.place = at;
    at = below;
  }
  heap[at] = entry;
  entry.place = at;
}
