/**
 * Adaptive replacement: what was seen once beside what was seen again, and ghosts of both that tell
 * which of the two should be larger.
 *
 * Source: N. Megiddo, D. Modha, "ARC: a self-tuning, low overhead replacement cache", FAST 2003,
 * figure 4. Weights are ours: where the paper moves one page, ours moves as many as need be, and
 * the target moves by the weight of the ghost that was asked for.
 * Guarantees: the ghosts of the first list and the list weigh no more than the cache, and all lists
 * no more than twice the cache. A scan takes what was seen once alone; a long loop still misses.
 * Cost: constant a request (weights of 1); keys of up to twice the entries.
 */
import type { CacheOptions } from "./cache";
import { SlotCache } from "./slot-cache";

const [t1, t2, b1, b2] = [1, 2, 3, 4];

export class Arc<K, V> extends SlotCache<K, V> {
  /** The weight that the list of keys seen once should have: p in the paper. */
  private target = 0;

  constructor(options: CacheOptions<K, V>) {
    super(options, { here: 2, ghosts: 2 });
  }

  protected use(slot: number): void {
    if (this.lists.of[slot] === t2) this.lists.renew(slot);
    else this.lists.move(t2, slot);
  }

  protected place(slot: number, ghost: number): void {
    this.lists.pushFront(ghost === 0 ? t1 : t2, slot);
    // A ghost may come back heavier than it left.
    if (ghost !== 0) this.trimGhosts(0);
  }

  /** Cases II and III: the target moves towards the list whose ghost was missed. */
  protected override recall(slot: number): void {
    const { of, totals, weights } = this.lists;
    const step = weights[slot];
    if (of[slot] === b1) {
      this.target = Math.min(
        this.capacity,
        this.target + step * Math.max(1, totals[b2] / totals[b1]),
      );
    } else {
      this.target = Math.max(0, this.target - step * Math.max(1, totals[b1] / totals[b2]));
    }
  }

  protected override makeRoom(weight: number, ghost: number): void {
    if (ghost === 0) this.makeRoomForNew(weight);
    while (this.size > 0 && this.weight + weight > this.capacity) this.replace(ghost === b2);
  }

  /** Case IV, before its replacement. */
  private makeRoomForNew(weight: number): void {
    const { lists } = this;
    const { totals } = lists;
    while (totals[t1] + totals[b1] + weight > this.capacity) {
      const ghost = lists.last(b1);
      const page = lists.last(t1);
      if (ghost !== 0) this.forget(ghost);
      else if (page !== 0) this.evict(page);
      else break;
    }
    this.trimGhosts(weight);
  }

  private trimGhosts(weight: number): void {
    const { lists } = this;
    const { totals } = lists;
    const all = (): number => totals[t1] + totals[t2] + totals[b1] + totals[b2] + weight;
    while (all() > 2 * this.capacity) {
      const ghost = lists.last(b2) || lists.last(b1);
      if (ghost === 0) break;
      this.forget(ghost);
    }
  }

  protected evictOne(): void {
    this.replace(false);
  }

  /** REPLACE of the paper. */
  private replace(isInB2: boolean): void {
    const { lists, target } = this;
    const once = lists.totals[t1];
    const oldest = lists.last(t1);
    const isOver = once > target || (isInB2 && once === target);
    const again = lists.last(t2);
    if (oldest !== 0 && (isOver || again === 0)) this.evict(oldest, b1);
    else this.evict(again, b2);
  }
}
