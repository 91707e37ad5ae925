/** An operation as the search sees it. */
export interface SearchItem {
  readonly callClass: number;
  /** Place of the call; items are in this order. */
  readonly call: number;
  /** Place of the answer, after which it cannot take effect; Infinity when there is none. */
  readonly return: number;
  /** False: it may be left out. A required item has an answer. */
  readonly isRequired: boolean;
}

/**
 * The calls and answers that the search has still to place, in order, as a doubly linked list in
 * two arrays: taking an operation out and putting it back cost O(1) ("dancing links"). Node i is
 * the call of item i, node size + i its answer; optional items have no answer in the list, because
 * nothing has to wait for them.
 */
export class EventList {
  readonly head: number;
  readonly next: Int32Array;
  private readonly previous: Int32Array;

  constructor(private readonly items: readonly SearchItem[]) {
    const size = items.length;
    this.head = 2 * size;
    this.next = new Int32Array(2 * size + 1).fill(-1);
    this.previous = new Int32Array(2 * size + 1).fill(-1);
    const places = items.flatMap((item, i) => {
      const call = { at: item.call, node: i };
      return item.isRequired ? [call, { at: item.return, node: size + i }] : [call];
    });
    places.sort((left, right) => left.at - right.at);
    let last = this.head;
    for (const { node } of places) {
      this.next[last] = node;
      this.previous[node] = last;
      last = node;
    }
  }

  remove(item: number): void {
    this.unlink(item);
    if (this.items[item].isRequired) this.unlink(this.items.length + item);
  }

  /** Undoes `remove`; removals are undone in the opposite order. */
  restore(item: number): void {
    if (this.items[item].isRequired) this.relink(this.items.length + item);
    this.relink(item);
  }

  private unlink(node: number): void {
    const before = this.previous[node];
    const after = this.next[node];
    this.next[before] = after;
    if (after >= 0) this.previous[after] = before;
  }

  private relink(node: number): void {
    this.next[this.previous[node]] = node;
    if (this.next[node] >= 0) this.previous[this.next[node]] = node;
  }
}
