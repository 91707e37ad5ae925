/** What steps by key work on. */

/** What rows are told apart by; several in one: a text such as `${state},${year}`. */
export type Key = string | number | boolean;

/** A row with a key. */
export interface Pair<K extends Key, V> {
  readonly key: K;
  readonly value: V;
}
