/**
 * CLOCK: nearly LRU for the price of a bit a hit. A hand goes round; what was used since it last
 * came by is spared once.
 *
 * Source: F. Corbató, "A paging experiment with the Multics system", MIT, 1968. The hand stands at
 * the end of a list, and passes a slot by moving it to the front; a new slot's bit is off.
 * Guarantees: an eviction goes round once at most. Loses to a loop or scan as LRU does.
 * Cost: a hit sets one bit; an eviction is constant, amortised over the hits before.
 */
import type { CacheOptions } from "./cache";
import { Marks } from "./marks";
import { SlotCache } from "./slot-cache";

const ring = 1;

export class Clock<K, V> extends SlotCache<K, V> {
  private readonly isUsed = new Marks();

  constructor(options: CacheOptions<K, V>) {
    super(options, { here: 1 });
  }

  protected use(slot: number): void {
    this.isUsed.set(slot, 1);
  }

  protected place(slot: number): void {
    this.isUsed.set(slot, 0);
    this.lists.pushFront(ring, slot);
  }

  protected evictOne(): void {
    let slot = this.lists.last(ring);
    for (; this.isUsed.get(slot) === 1; slot = this.lists.last(ring)) {
      this.isUsed.set(slot, 0);
      this.lists.renew(slot);
    }
    this.evict(slot);
  }
}
