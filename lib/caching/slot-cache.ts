/**
 * What the policies share: keys, values and weights in slots, an index, and lists. A policy is what
 * it does when a slot is used, when room is needed and when a slot is new. Lists from `ghostList`
 * on hold ghosts: keys that are remembered without a value.
 */
import { assert, inRange, oneOf, onlyKnown } from "../basics";
import type { Cache, CacheOptions } from "./cache";
import { AnyKeys, IntegerKeys } from "./key-index";
import type { KeyIndex } from "./key-index";
import { SlotLists } from "./slot-lists";

/** Slots that are made at first, at most: a capacity in bytes says little about their number. */
const slotsAtFirst = 65_536;

/** Is no key. */
const nothing = Symbol("nothing");

export abstract class SlotCache<K, V> implements Cache<K, V> {
  readonly capacity: number;
  protected readonly lists: SlotLists;
  private readonly index: KeyIndex<K>;
  private readonly keys: K[];
  private readonly values: (V | undefined)[];
  private readonly free: number[] = [];
  private readonly onEvict: CacheOptions<K, V>["onEvict"];
  private readonly ghostList: number;
  private nextSlot: number;
  /** What `get` last found missing: `set` need not look again for what it is about to bring in. */
  private missing: K | typeof nothing = nothing;
  private isTelling = false;
  private entries = 0;
  private used = 0;

  /** `own`: the options that the policy has besides those of all. */
  protected constructor(
    options: CacheOptions<K, V>,
    lists: { here: number; ghosts?: number },
    own: readonly string[] = [],
  ) {
    onlyKnown(new.target.name, options, ["capacity", "keys", "onEvict", ...own]);
    this.capacity = inRange("capacity", options.capacity, { min: 1, max: 2 ** 53 - 1 });
    oneOf("keys", options.keys ?? "any", ["any", "integers"]);
    const slots = Math.min(Math.ceil(this.capacity) + 1, slotsAtFirst);
    this.lists = new SlotLists(lists.here + (lists.ghosts ?? 0), slots);
    this.ghostList = lists.here + 1;
    this.nextSlot = this.lists.listCount + 1;
    const index: unknown = options.keys === "integers" ? new IntegerKeys(slots) : new AnyKeys<K>();
    this.index = index as KeyIndex<K>;
    // Made whole at once: arrays that grow are copied, and may become tables.
    this.keys = new Array<K>(slots + this.nextSlot).fill(undefined as K);
    this.values = new Array<V | undefined>(slots + this.nextSlot).fill(undefined);
    this.onEvict = options.onEvict;
  }

  get weight(): number {
    return this.used;
  }

  get size(): number {
    return this.entries;
  }

  get(key: K): V | undefined {
    const slot = this.index.find(key);
    if (slot === 0) {
      this.missing = key;
      return undefined;
    }
    const value = this.values[slot];
    // A ghost has no value, so only where there is none need its list be looked up.
    if (value === undefined && this.lists.of[slot] >= this.ghostList) return undefined;
    this.use(slot);
    return value;
  }

  has(key: K): boolean {
    const slot = this.index.find(key);
    return slot !== 0 && this.lists.of[slot] < this.ghostList;
  }

  set(key: K, value: V, weight = 1): boolean {
    if (!(weight > 0 && weight < Infinity)) {
      throw new RangeError(`weight must be above 0 and finite, but was ${weight}`);
    }
    const slot = key === this.missing ? 0 : this.index.find(key);
    if (slot === 0) return this.bringIn(key, value, weight);
    if (this.lists.of[slot] >= this.ghostList) return this.bringBack(slot, value, weight);
    if (this.lists.weights[slot] === weight) {
      this.values[slot] = value;
      this.use(slot);
      return true;
    }
    this.remove(slot);
    return this.bringIn(key, value, weight);
  }

  delete(key: K): boolean {
    const slot = this.index.find(key);
    if (slot === 0 || this.lists.of[slot] >= this.ghostList) return false;
    this.checkNotTelling();
    this.remove(slot);
    return true;
  }

  /** A slot that is here was asked for. */
  protected abstract use(slot: number): void;

  /** Links a new slot, or one that comes back from `ghost`, a list; its weight is counted. */
  protected abstract place(slot: number, ghost: number): void;

  /** Pushes at least one slot out, called only while some are here. */
  protected abstract evictOne(): void;

  /** Makes room for a weight; `ghost`: the list that its key was remembered in, or 0. */
  protected makeRoom(weight: number, _ghost: number): void {
    while (this.used + weight > this.capacity && this.entries > 0) this.evictOne();
  }

  /** A ghost is asked for, and still in its list. */
  protected recall(_slot: number): void {}

  /** A slot is about to leave its list, pushed out or deleted. */
  protected leave(_slot: number): void {}

  /** The slot of a key, a ghost's too, or 0. */
  protected slotOf(key: K): number {
    return this.index.find(key);
  }

  protected keyOf(slot: number): K {
    return this.keys[slot];
  }

  /** Pushes a slot out; its key is remembered in `ghost`, a list, if that is not 0. */
  protected evict(slot: number, ghost = 0): void {
    const value = this.values[slot] as V;
    const key = this.keys[slot];
    if (ghost === 0) this.remove(slot);
    else {
      this.leave(slot);
      this.lists.move(ghost, slot);
      this.uncount(slot);
    }
    if (this.onEvict === undefined) return;
    this.isTelling = true;
    try {
      this.onEvict(key, value);
    } finally {
      this.isTelling = false;
    }
  }

  /** Room is being made for another key: what came in meanwhile could be in twice. */
  private checkNotTelling(): void {
    assert(!this.isTelling, "onEvict must not bring keys into its cache, nor delete any");
  }

  /** Forgets a ghost. */
  protected forget(slot: number): void {
    this.lists.unlink(slot);
    this.release(slot);
  }

  private bringIn(key: K, value: V, weight: number): boolean {
    this.checkNotTelling();
    if (weight > this.capacity) return false;
    this.makeRoom(weight, 0);
    const slot = this.take(key);
    this.count(slot, value, weight);
    this.place(slot, 0);
    return this.lists.of[slot] !== 0;
  }

  private bringBack(slot: number, value: V, weight: number): boolean {
    this.checkNotTelling();
    if (weight > this.capacity) return false;
    const ghost = this.lists.of[slot];
    this.recall(slot);
    this.lists.unlink(slot);
    this.makeRoom(weight, ghost);
    this.count(slot, value, weight);
    this.place(slot, ghost);
    return this.lists.of[slot] !== 0;
  }

  private take(key: K): number {
    const slot = this.free.length > 0 ? (this.free.pop() as number) : this.nextSlot;
    this.index.put(key, slot);
    this.missing = nothing;
    if (slot === this.nextSlot) this.lists.reach(this.nextSlot++);
    this.keys[slot] = key;
    return slot;
  }

  private count(slot: number, value: V, weight: number): void {
    this.lists.weights[slot] = weight;
    this.values[slot] = value;
    this.used += weight;
    this.entries++;
  }

  private uncount(slot: number): void {
    this.used -= this.lists.weights[slot];
    this.values[slot] = undefined;
    this.entries--;
    // Sums of fractions keep a remainder; an empty cache weighs nothing.
    if (this.entries === 0) this.used = 0;
  }

  private remove(slot: number): void {
    this.leave(slot);
    this.lists.unlink(slot);
    this.uncount(slot);
    this.release(slot);
  }

  private release(slot: number): void {
    this.index.remove(this.keys[slot]);
    this.keys[slot] = undefined as K;
    this.free.push(slot);
  }
}
