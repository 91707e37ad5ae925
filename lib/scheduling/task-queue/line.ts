/**
 * First come, first served, and anybody may leave from the middle: a doubly linked list through
 * what waits in it. Cost: every step constant, nothing allocated.
 */

export interface InLine<T> {
  next: T | undefined;
  previous: T | undefined;
}

export class Line<T extends InLine<T>> {
  first: T | undefined = undefined;
  private last: T | undefined = undefined;

  /** The item must be in no line. */
  push(item: T): void {
    const last = this.last;
    item.previous = last;
    if (last === undefined) this.first = item;
    else last.next = item;
    this.last = item;
  }

  /** The item must be in this line. */
  remove(item: T): void {
    const { next, previous } = item;
    if (previous === undefined) this.first = next;
    else previous.next = next;
    if (next === undefined) this.last = previous;
    else next.previous = previous;
    item.next = item.previous = undefined;
  }

  /** From the first; the one at hand may leave. */
  *[Symbol.iterator](): Generator<T> {
    for (let item = this.first; item !== undefined;) {
      const { next }: T = item;
      yield item;
      item = next;
    }
  }
}
