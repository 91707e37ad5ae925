/**
 * Least recently used: what was not asked for the longest goes first.
 *
 * Source: R. Mattson et al., "Evaluation techniques for storage hierarchies", IBM Systems Journal
 * 9(2), 1970, section 4; the list is in typed arrays over slots.
 * Guarantees: a larger cache holds all that a smaller one does (weights of 1). Loses to a loop or a
 * scan longer than the cache: every request of it misses, and pushes out what was useful.
 * Cost: constant a request; 18 bytes an entry and the index.
 */
import type { CacheOptions } from "./cache";
import { SlotCache } from "./slot-cache";

const recent = 1;

export class Lru<K, V> extends SlotCache<K, V> {
  constructor(options: CacheOptions<K, V>) {
    super(options, { here: 1 });
  }

  protected use(slot: number): void {
    this.lists.renew(slot, recent);
  }

  protected place(slot: number): void {
    this.lists.pushFront(recent, slot);
  }

  protected evictOne(): void {
    this.evict(this.lists.last(recent));
  }
}
