/**
 * A binary min-heap of items ordered by a number, then by insertion order, so that equal keys come
 * out first in, first out: a simulation needs that to be reproducible.
 *
 * Source: J. W. J. Williams, "Algorithm 232: Heapsort", CACM 7(6), 1964.
 * Cost: O(log n) push and pop, O(1) peek.
 */
export class Heap<T> {
  private readonly keys: number[] = [];
  private readonly orders: number[] = [];
  private readonly items: T[] = [];
  private pushed = 0;

  get size(): number {
    return this.items.length;
  }

  push(key: number, item: T): void {
    this.place(this.items.length, key, this.pushed++, item);
    this.rise(this.items.length - 1);
  }

  /** The smallest key, or Infinity when empty. */
  peekKey(): number {
    return this.items.length === 0 ? Infinity : (this.keys[0] as number);
  }

  /** Removes and returns the item with the smallest key, or undefined when empty. */
  pop(): T | undefined {
    if (this.items.length === 0) return undefined;
    const top = this.items[0] as T;
    const key = this.keys.pop() as number;
    const order = this.orders.pop() as number;
    const item = this.items.pop() as T;
    if (this.items.length > 0) {
      this.place(0, key, order, item);
      this.sink(0);
    }
    return top;
  }

  private place(at: number, key: number, order: number, item: T): void {
    this.keys[at] = key;
    this.orders[at] = order;
    this.items[at] = item;
  }

  private isBefore(left: number, right: number): boolean {
    const [a, b] = [this.keys[left] as number, this.keys[right] as number];
    return a !== b ? a < b : (this.orders[left] as number) < (this.orders[right] as number);
  }

  private swap(left: number, right: number): void {
    const [key, order] = [this.keys[left] as number, this.orders[left] as number];
    const item = this.items[left] as T;
    this.place(
      left,
      this.keys[right] as number,
      this.orders[right] as number,
      this.items[right] as T,
    );
    this.place(right, key, order, item);
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
      let smallest = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < this.items.length && this.isBefore(child, smallest)) smallest = child;
      }
      if (smallest === at) return;
      this.swap(at, smallest);
      at = smallest;
    }
  }
}
