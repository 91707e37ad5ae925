/**
 * Segmented LRU: newcomers are on probation; what is used again is protected from them.
 *
 * Source: R. Karedla, J. Love, B. Wherry, "Caching strategies to improve disk system performance",
 * Computer 27(3), 1994.
 * Guarantees: a scan pushes out the part on probation alone. Loses to LRU where keys are asked for
 * a few times close together and then no more: they fill the protected part.
 * Cost: constant a request.
 */
import { inRange } from "../basics";
import type { CacheOptions } from "./cache";
import { SlotCache } from "./slot-cache";

const probation = 1;
const guarded = 2;

export interface SlruOptions<K, V> extends CacheOptions<K, V> {
  /** The part of the capacity that is protected, 0 to 1; default 0.8. */
  readonly protectedShare?: number;
}

export class Slru<K, V> extends SlotCache<K, V> {
  private readonly protectedCapacity: number;

  constructor(options: SlruOptions<K, V>) {
    super(options, { here: 2 }, ["protectedShare"]);
    const share = inRange("protectedShare", options.protectedShare ?? 0.8, { min: 0, max: 1 });
    this.protectedCapacity = Math.floor(share * this.capacity);
  }

  protected use(slot: number): void {
    const { lists } = this;
    if (lists.of[slot] === guarded) return lists.renew(slot);
    lists.move(guarded, slot);
    while (lists.totals[guarded] > this.protectedCapacity) {
      lists.move(probation, lists.last(guarded));
    }
  }

  protected place(slot: number): void {
    this.lists.pushFront(probation, slot);
  }

  protected evictOne(): void {
    this.evict(this.lists.last(probation) || this.lists.last(guarded));
  }
}
