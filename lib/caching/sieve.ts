/**
 * SIEVE: a queue in order of arrival, and a hand that goes from the oldest to the newest. What was
 * used is spared and stays where it is, so that newcomers are sifted fast.
 *
 * Source: Y. Zhang et al., "SIEVE is simpler than LRU", NSDI 2024, algorithm 1.
 * Guarantees: hits change no order. Not proof against scans: the authors name them as its weakness.
 * Cost: a hit sets one bit; an eviction is constant, amortised over the hits before.
 */
import type { CacheOptions } from "./cache";
import { Marks } from "./marks";
import { SlotCache } from "./slot-cache";

const queue = 1;

export class Sieve<K, V> extends SlotCache<K, V> {
  private readonly isVisited = new Marks();
  /** The slot to be looked at next; 0: the oldest. */
  private hand = 0;

  constructor(options: CacheOptions<K, V>) {
    super(options, { here: 1 });
  }

  protected use(slot: number): void {
    this.isVisited.set(slot, 1);
  }

  protected place(slot: number): void {
    this.isVisited.set(slot, 0);
    this.lists.pushFront(queue, slot);
  }

  protected override leave(slot: number): void {
    if (slot === this.hand) this.hand = this.lists.before(slot);
  }

  protected evictOne(): void {
    let slot = this.hand === 0 ? this.lists.last(queue) : this.hand;
    while (this.isVisited.get(slot) === 1) {
      this.isVisited.set(slot, 0);
      const before = this.lists.before(slot);
      slot = before === 0 ? this.lists.last(queue) : before;
    }
    this.hand = slot;
    this.evict(slot);
  }
}
