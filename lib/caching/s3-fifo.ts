/**
 * Three queues, first in first out: a small one that most newcomers leave soon, the main one, and
 * the ghosts of those who left, whose return leads straight to the main one.
 *
 * Source: J. Yang et al., "FIFO queues are all you need for cache eviction", SOSP 2023, algorithm
 * 1; ghosts weigh as much as the main queue may. As in the authors' libCacheSim, a cache that fills
 * up for the first time sends to the main queue what the small one has no room for: else the small
 * one would begin with the whole cache and shrink slowly.
 * Guarantees: hits change no order; one-time keys stay for a tenth of the cache's time. Loses where
 * the second request comes after a key left the small queue, and its third is never.
 * Cost: a hit adds to a counter of two bits; an eviction is constant, amortised.
 */
import { inRange } from "../basics";
import type { CacheOptions } from "./cache";
import { Marks } from "./marks";
import { SlotCache } from "./slot-cache";

const [small, main, ghosts] = [1, 2, 3];

export interface S3FifoOptions<K, V> extends CacheOptions<K, V> {
  /** The part of the capacity that is the small queue's, 0 to 1; default 0.1. */
  readonly smallShare?: number;
}

export class S3Fifo<K, V> extends SlotCache<K, V> {
  private readonly smallCapacity: number;
  private readonly mainCapacity: number;
  private readonly uses = new Marks();
  private hasEvicted = false;

  constructor(options: S3FifoOptions<K, V>) {
    super(options, { here: 2, ghosts: 1 }, ["smallShare"]);
    const share = inRange("smallShare", options.smallShare ?? 0.1, { min: 0, max: 1 });
    this.smallCapacity = Math.max(1, Math.floor(share * this.capacity));
    this.mainCapacity = this.capacity - this.smallCapacity;
  }

  protected use(slot: number): void {
    this.uses.set(slot, Math.min(3, this.uses.get(slot) + 1));
  }

  protected place(slot: number, ghost: number): void {
    this.uses.set(slot, 0);
    const isSmallFull = this.lists.totals[small] >= this.smallCapacity;
    const isFirstFill = !this.hasEvicted && isSmallFull;
    this.lists.pushFront(ghost !== 0 || isFirstFill ? main : small, slot);
  }

  protected evictOne(): void {
    const { lists } = this;
    this.hasEvicted = true;
    const isSmallFull = lists.totals[small] >= this.smallCapacity;
    if (lists.last(main) === 0 || (isSmallFull && lists.last(small) !== 0)) this.evictSmall();
    else this.evictMain();
  }

  /** EVICTS: what was used more than once goes over to the main queue, the next one out. */
  private evictSmall(): void {
    const { lists } = this;
    for (let slot = lists.last(small); slot !== 0; slot = lists.last(small)) {
      if (this.uses.get(slot) <= 1) return this.evictToGhosts(slot);
      this.uses.set(slot, 0);
      lists.move(main, slot);
      if (lists.totals[main] > this.mainCapacity) this.evictMain();
    }
  }

  /** EVICTM: what was used goes round again, with one use less. */
  private evictMain(): void {
    const { lists, uses } = this;
    let slot = lists.last(main);
    for (; uses.get(slot) > 0; slot = lists.last(main)) {
      uses.set(slot, uses.get(slot) - 1);
      lists.renew(slot);
    }
    this.evict(slot);
  }

  private evictToGhosts(slot: number): void {
    const { lists } = this;
    this.evict(slot, ghosts);
    while (lists.totals[ghosts] > this.mainCapacity && lists.last(ghosts) !== 0) {
      this.forget(lists.last(ghosts));
    }
  }
}
