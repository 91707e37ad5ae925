/**
 * One queue for all threads under one lock: what work stealing is compared with. First in, first
 * out; a lock of three states, so that nobody is woken who does not wait.
 *
 * Source: the lock is that of U. Drepper, "Futexes are tricky", 2011, section 5 (mutex, take 2).
 * Assumes: items are whole numbers from 0. Cost: constant, and the wait for the lock.
 */
import { none } from "./deque";

/** Free, taken, or taken while others wait. */
const [free, taken, awaited] = [0, 1, 2];
const [lockAt, headAt, tailAt, itemsAt] = [0, 16, 17, 32];

export class CentralQueue {
  private readonly words: Int32Array;
  private readonly capacity: number;

  constructor(memory: SharedArrayBuffer) {
    this.words = new Int32Array(memory);
    this.capacity = this.words.length - itemsAt;
  }

  static memory(capacity: number): SharedArrayBuffer {
    return new SharedArrayBuffer(4 * (itemsAt + capacity));
  }

  /** As many as fit, from the front of the list; how many those were. */
  pushAll(items: readonly number[]): number {
    const { words, capacity } = this;
    this.lock();
    const room = capacity - (words[tailAt] - words[headAt]);
    const count = Math.min(room, items.length);
    for (let i = 0; i < count; i++) words[itemsAt + (words[tailAt]++ % capacity)] = items[i];
    this.unlock();
    return count;
  }

  take(): number {
    const { words, capacity } = this;
    if (Atomics.load(words, headAt) === Atomics.load(words, tailAt)) return none;
    this.lock();
    let item = none;
    if (words[headAt] !== words[tailAt]) {
      item = words[itemsAt + (words[headAt] % capacity)];
      words[headAt]++;
    }
    this.unlock();
    return item;
  }

  private lock(): void {
    const { words } = this;
    let state = Atomics.compareExchange(words, lockAt, free, taken);
    while (state !== free) {
      const isAwaited = state === awaited;
      if (isAwaited || Atomics.compareExchange(words, lockAt, taken, awaited) !== free) {
        Atomics.wait(words, lockAt, awaited);
      }
      state = Atomics.compareExchange(words, lockAt, free, awaited);
    }
  }

  private unlock(): void {
    if (Atomics.exchange(this.words, lockAt, free) !== awaited) return;
    Atomics.notify(this.words, lockAt, 1);
  }
}
