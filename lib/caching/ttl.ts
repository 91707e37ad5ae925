/**
 * LRU with an end: a value is good for so many milliseconds after it was set. What has ended is
 * never answered, and is thrown out within a tick by a timing wheel, without a search.
 *
 * Source: G. Varghese, T. Lauck, "Hashed and hierarchical timing wheels", SOSP 1987.
 * Assumes: the clock does not go back; where it does, values live longer by that.
 * Cost: constant a request; a tick that passed is constant, and so is each value that ended.
 */
import { inRange } from "../basics";
import type { CacheOptions } from "./cache";
import { SlotCache } from "./slot-cache";
import { TimingWheel } from "./timing-wheel";

const recent = 1;

export interface TtlOptions<K, V> extends CacheOptions<K, V> {
  /** How long a value is good, in milliseconds; above 0. */
  readonly ttlMs: number;
  /** The clock, in milliseconds: a host's, or the real one. */
  readonly nowMs: () => number;
  /** How exact the throwing out is, in milliseconds; answers are exact. Default 10. */
  readonly tickMs?: number;
}

const range = { min: 0.001, max: 2 ** 40 };

export class TtlCache<K, V> extends SlotCache<K, V> {
  private readonly wheel: TimingWheel;
  private readonly endsAtMs: number[] = [];
  private readonly ttlMs: number;
  private readonly tickMs: number;
  private readonly nowMs: () => number;

  constructor(options: TtlOptions<K, V>) {
    super(options, { here: 1 }, ["ttlMs", "tickMs", "nowMs"]);
    this.ttlMs = inRange("ttlMs", options.ttlMs, range);
    this.tickMs = inRange("tickMs", options.tickMs ?? 10, range);
    if (typeof options.nowMs !== "function") {
      throw new RangeError("nowMs must be a function that tells the time in milliseconds");
    }
    this.nowMs = options.nowMs;
    this.wheel = new TimingWheel(Math.max(0, Math.floor(this.nowMs() / this.tickMs)));
  }

  override get(key: K): V | undefined {
    this.expire(key);
    return super.get(key);
  }

  override has(key: K): boolean {
    this.expire(key);
    return super.has(key);
  }

  /** The value is good for `ttlMs` from now. */
  override set(key: K, value: V, weight = 1): boolean {
    this.expire(key);
    const isKept = super.set(key, value, weight);
    if (isKept) this.start(this.slotOf(key));
    return isKept;
  }

  override delete(key: K): boolean {
    this.expire(key);
    return super.delete(key);
  }

  /** Throws out what has ended; every other method does so first. */
  sweep(): void {
    this.wheel.advance(Math.floor(this.nowMs() / this.tickMs), (slot) => this.evict(slot));
  }

  protected use(slot: number): void {
    this.lists.renew(slot, recent);
  }

  protected place(slot: number): void {
    this.lists.pushFront(recent, slot);
  }

  protected override leave(slot: number): void {
    this.wheel.cancel(slot);
  }

  protected evictOne(): void {
    this.evict(this.lists.last(recent));
  }

  /** Between two ticks the exact end of the one key that is asked for counts. */
  private expire(key: K): void {
    this.sweep();
    const slot = this.slotOf(key);
    if (slot !== 0 && this.endsAtMs[slot] <= this.nowMs()) this.evict(slot);
  }

  private start(slot: number): void {
    const endsAtMs = this.nowMs() + this.ttlMs;
    this.endsAtMs[slot] = endsAtMs;
    this.wheel.set(slot, Math.ceil(endsAtMs / this.tickMs));
  }
}
