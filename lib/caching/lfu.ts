/**
 * Least frequently used, in constant time; the least recent of those goes first.
 *
 * Source: K. Shah, A. Mitra, D. Matani, "An O(1) algorithm for implementing the LFU cache eviction
 * scheme", 2010. Their list of lists is here one list in order of frequency, and a map from each
 * frequency to its first slot. A key that left begins at 1 again.
 * Guarantees: best where popularity never changes. Loses where it does: what was popular stays.
 * Cost: constant a request.
 */
import type { CacheOptions } from "./cache";
import { SlotCache } from "./slot-cache";

const byFrequency = 1;

export class Lfu<K, V> extends SlotCache<K, V> {
  private readonly frequency: number[] = [];
  private readonly firstOf = new Map<number, number>();

  constructor(options: CacheOptions<K, V>) {
    super(options, { here: 1 });
  }

  protected use(slot: number): void {
    const frequency = this.frequency[slot];
    const higher = this.firstOf.get(frequency + 1);
    const place = higher ?? (this.firstOf.get(frequency) as number);
    this.frequency[slot] = frequency + 1;
    if (place === slot) this.leaveGroup(slot, frequency);
    else {
      this.leaveGroup(slot, frequency);
      this.lists.unlink(slot);
      this.lists.insertBefore(place, slot);
    }
    this.firstOf.set(frequency + 1, slot);
  }

  protected place(slot: number): void {
    const first = this.firstOf.get(1);
    this.frequency[slot] = 1;
    if (first !== undefined) this.lists.insertBefore(first, slot);
    else this.lists.pushBack(byFrequency, slot);
    this.firstOf.set(1, slot);
  }

  protected override leave(slot: number): void {
    this.leaveGroup(slot, this.frequency[slot]);
  }

  protected evictOne(): void {
    this.evict(this.lists.last(byFrequency));
  }

  /** Called while the slot is still linked at the place of its old frequency. */
  private leaveGroup(slot: number, frequency: number): void {
    if (this.firstOf.get(frequency) !== slot) return;
    const after = this.lists.after(slot);
    if (after !== 0 && this.frequency[after] === frequency) this.firstOf.set(frequency, after);
    else this.firstOf.delete(frequency);
  }
}
