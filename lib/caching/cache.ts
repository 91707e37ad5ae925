/** The shape that every cache of this topic has. */

export interface Cache<K, V> {
  /** The weight that fits in. */
  readonly capacity: number;
  /** The weight that is in; never above `capacity`. */
  readonly weight: number;
  /** Keys with a value. */
  readonly size: number;
  /** The value, and the policy counts a use; undefined where there is none. */
  get(key: K): V | undefined;
  /**
   * Brings a key in, or renews it, which counts as a use. `weight`: default 1; a key whose weight
   * changes comes in anew. False where it was not kept: heavier than the cache, or refused; then
   * the key has no value, not even the old one.
   */
  set(key: K, value: V, weight?: number): boolean;
  /** Whether there is a value; the policy does not count it. */
  has(key: K): boolean;
  /** Takes a key out; false where it was not in. */
  delete(key: K): boolean;
}

export interface CacheOptions<K, V> {
  /** Weight that fits in: entries if each weighs 1, or bytes if weights are bytes; from 1. */
  readonly capacity: number;
  /**
   * "any": what a Map takes as a key. "integers": whole numbers of 32 bits with a sign, in a typed
   * table; others are a RangeError in `set`. Default "any".
   */
  readonly keys?: "any" | "integers";
  /**
   * Told of each value that the policy pushes out; not of what `delete` and `set` replace. It must
   * not change this cache: an AssertionError.
   */
  readonly onEvict?: (key: K, value: V) => void;
}
