/**
 * A binary min-heap under a comparison of the caller's. Items that compare equal come out in any
 * order, so a comparison that must be reproducible breaks ties itself.
 *
 * Source: J. W. J. Williams, "Algorithm 232: Heapsort", CACM 7(6), 1964.
 * Cost: O(log n) push and pop, O(1) peek.
 */
export class Heap<T> {
  private readonly items: T[] = [];

  /** `compare`: negative when the left item comes first, as for Array.sort. */
  constructor(private readonly compare: (left: T, right: T) => number) {}

  get size(): number {
    return this.items.length;
  }

  push(item: T): void {
    this.items.push(item);
    this.rise(this.items.length - 1);
  }

  /** The first item, which stays; undefined when empty. */
  peek(): T | undefined {
    return this.items[0];
  }

  /** Removes and returns the first item; undefined when empty. */
  pop(): T | undefined {
    const top = this.items[0];
    const last = this.items.pop();
    if (this.items.length > 0) {
      this.items[0] = last as T;
      this.sink(0);
    }
    return top;
  }

  /** Puts the item in the place of the first one: cheaper than `pop` and `push`. */
  replaceTop(item: T): void {
    if (this.items.length === 0) return this.push(item);
    this.items[0] = item;
    this.sink(0);
  }

  private isBefore(left: number, right: number): boolean {
    return this.compare(this.items[left] as T, this.items[right] as T) < 0;
  }

  private swap(left: number, right: number): void {
    const item = this.items[left] as T;
    this.items[left] = this.items[right] as T;
    this.items[right] = item;
  }

  private rise(start: number): void {
    let at = start;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.isBefore(at, parent)) return;
      this.swap(at, parent);
      at = parent;
    }
  }

  private sink(start: number): void {
    let at = start;
    for (;;) {
      let first = at;
      for (let child = 2 * at + 1; child <= 2 * at + 2; child++) {
        if (child < this.items.length && this.isBefore(child, first)) first = child;
      }
      if (first === at) return;
      this.swap(at, first);
      at = first;
    }
  }
}
