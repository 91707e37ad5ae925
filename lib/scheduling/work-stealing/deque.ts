/**
 * A deque that one worker fills and empties at the bottom while any number of thieves take from the
 * top, without a lock, in memory that threads share.
 *
 * Source: D. Chase, Y. Lev, "Dynamic circular work-stealing deque", SPAA 2005, figure 1; ours does
 * not grow: `push` refuses, and the owner runs the item itself. The fences that N. M. Le, A. Pop,
 * A. Cohen, F. Zappa Nardelli ("Correct and efficient work-stealing for weak memory models", PPoPP
 * 2013, figure 1) place by hand come with JavaScript's Atomics, which are sequentially consistent.
 * Assumes: items are whole numbers from 0; `push` and `pop` are called by the owner alone.
 * Guarantees: each item is taken once, by the owner or by one thief.
 * Cost: constant; a compare-and-exchange for a steal, and for the owner's last item.
 */

/** What `pop` and `steal` return for an empty deque, and `steal` when another was faster. */
export const none = -1;
export const lost = -2;

/** Top and bottom lie in cache lines of their own: 16 words of 4 bytes. */
const topAt = 0;
const bottomAt = 16;
const itemsAt = 32;

export class Deque {
  private readonly words: Int32Array;
  private readonly mask: number;

  constructor(readonly memory: SharedArrayBuffer) {
    this.words = new Int32Array(memory);
    this.mask = this.words.length - itemsAt - 1;
  }

  /** `capacity`: items that fit, a power of two. */
  static memory(capacity: number): SharedArrayBuffer {
    const isPower = Number.isInteger(Math.log2(capacity)) && capacity >= 1;
    if (isPower) return new SharedArrayBuffer(4 * (itemsAt + capacity));
    throw new RangeError(`capacity must be a power of two, but was ${capacity}`);
  }

  /** The owner's: false when the deque is full. */
  push(item: number): boolean {
    const { words, mask } = this;
    const bottom = Atomics.load(words, bottomAt);
    if (((bottom - Atomics.load(words, topAt)) | 0) > mask) return false;
    Atomics.store(words, itemsAt + (bottom & mask), item);
    Atomics.store(words, bottomAt, (bottom + 1) | 0);
    return true;
  }

  /** The owner's: the newest item. Counters may run over: only their difference counts. */
  pop(): number {
    const { words, mask } = this;
    const bottom = (Atomics.load(words, bottomAt) - 1) | 0;
    Atomics.store(words, bottomAt, bottom);
    const top = Atomics.load(words, topAt);
    const size = (bottom - top) | 0;
    if (size > 0) return Atomics.load(words, itemsAt + (bottom & mask));
    let item = none;
    if (size === 0) {
      // The last one: a thief may be after it too.
      const mine = Atomics.load(words, itemsAt + (bottom & mask));
      if (Atomics.compareExchange(words, topAt, top, (top + 1) | 0) === top) item = mine;
    }
    Atomics.store(words, bottomAt, (bottom + 1) | 0);
    return item;
  }

  /** Anybody's: the oldest item. */
  steal(): number {
    const { words, mask } = this;
    const top = Atomics.load(words, topAt);
    const bottom = Atomics.load(words, bottomAt);
    if (((bottom - top) | 0) <= 0) return none;
    const item = Atomics.load(words, itemsAt + (top & mask));
    return Atomics.compareExchange(words, topAt, top, (top + 1) | 0) === top ? item : lost;
  }
}
