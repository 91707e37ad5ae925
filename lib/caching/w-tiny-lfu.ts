/**
 * Window TinyLFU: newcomers pass a small LRU window, then must have been asked for more often than
 * whom they would push out of the main cache, a segmented LRU.
 *
 * Source: G. Einziger, R. Friedman, B. Manes, "TinyLFU: a highly efficient cache admission policy",
 * ACM TOS 13(4), 2017, section 4. A request counts when it hits and when it brings a key in.
 * Guarantees: but for collisions in the sketch, a key seen once lately never pushes out one seen
 * twice, except from the window. Loses where keys come in short bursts and are gone: a window of
 * 1 % is too small for them.
 * Cost: constant a request; 20 to 40 bytes an entry for the sketch.
 */
import { avalanche32, inRange, murmur32 } from "../basics";
import type { CacheOptions } from "./cache";
import { FrequencySketch } from "./frequency-sketch";
import { SlotCache } from "./slot-cache";

const [windowList, probation, guarded] = [1, 2, 3];
const entriesByDefault = 1_048_576;
const protectedShare = 0.8;

export interface WTinyLfuOptions<K, V> extends CacheOptions<K, V> {
  /** The part of the capacity that is the window's, 0 to 1; default 0.01. */
  readonly windowShare?: number;
  /**
   * About how many entries fit in, for the size of the sketch: capacity by the usual weight.
   * Default: the capacity, 1,048,576 at most; from 1 to 2^26.
   */
  readonly expectedEntries?: number;
  /** 32 bits of a key. Default: a mix of a number or of the text of the key. */
  readonly hash?: (key: K) => number;
}

export class WTinyLfu<K, V> extends SlotCache<K, V> {
  private readonly windowCapacity: number;
  private readonly protectedCapacity: number;
  private readonly sketch: FrequencySketch;
  private readonly hash: (key: K) => number;

  constructor(options: WTinyLfuOptions<K, V>) {
    super(options, { here: 3 }, ["windowShare", "expectedEntries", "hash"]);
    const share = inRange("windowShare", options.windowShare ?? 0.01, { min: 0, max: 1 });
    this.windowCapacity = Math.max(1, Math.floor(share * this.capacity));
    const mainCapacity = this.capacity - this.windowCapacity;
    this.protectedCapacity = Math.floor(protectedShare * mainCapacity);
    const entries = Math.min(Math.ceil(this.capacity), entriesByDefault);
    this.sketch = new FrequencySketch(options.expectedEntries ?? entries);
    this.hash = options.hash ?? hashOf;
  }

  protected use(slot: number): void {
    const { lists } = this;
    this.sketch.add(this.hash(this.keyOf(slot)));
    if (lists.of[slot] !== probation) return lists.renew(slot);
    lists.move(guarded, slot);
    while (lists.totals[guarded] > this.protectedCapacity) {
      lists.move(probation, lists.last(guarded));
    }
  }

  /** Room is made by the contest, after the newcomer is in the window. */
  protected override makeRoom(): void {}

  protected place(slot: number): void {
    const { lists } = this;
    this.sketch.add(this.hash(this.keyOf(slot)));
    lists.pushFront(windowList, slot);
    while (lists.totals[windowList] > this.windowCapacity) {
      const candidate = lists.last(windowList);
      lists.move(probation, candidate);
      if (this.weight > this.capacity) this.contest(candidate);
    }
    while (this.weight > this.capacity) this.evictOne();
  }

  protected evictOne(): void {
    this.evict(this.victim() || this.lists.last(windowList));
  }

  /** The candidate stays if it was asked for more often than each whom it pushes out. */
  private contest(candidate: number): void {
    const frequency = this.frequencyOf(candidate);
    while (this.weight > this.capacity) {
      const victim = this.victim();
      if (victim === candidate || this.frequencyOf(victim) >= frequency) {
        return this.evict(candidate);
      }
      this.evict(victim);
    }
  }

  /** Who would leave the main cache next, or 0. */
  private victim(): number {
    return this.lists.last(probation) || this.lists.last(guarded);
  }

  private frequencyOf(slot: number): number {
    return this.sketch.estimate(this.hash(this.keyOf(slot)));
  }
}

function hashOf(key: unknown): number {
  if (typeof key === "number" && (key | 0) === key) return avalanche32(key);
  if (typeof key === "object" || typeof key === "function") {
    throw new RangeError("keys that are objects need the option hash: 32 bits of a key");
  }
  return murmur32(String(key));
}
