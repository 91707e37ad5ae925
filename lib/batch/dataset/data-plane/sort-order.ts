/** The order of `sortBy`: numbers by size, texts by their UTF-16 code units, false before true. */
import type { SortKey } from "../options";

/** Rows with equal keys stay in their order. */
export function inOrder<T>(
  rows: readonly T[],
  call: (row: T) => SortKey,
  { isDescending }: { isDescending: boolean },
): T[] {
  const keyed = rows.map((row) => ({ row, key: checked(call(row)) }));
  const sign = isDescending ? -1 : 1;
  keyed.sort((left, right) => sign * compareKeys(left.key, right.key));
  return keyed.map(({ row }) => row);
}

/** Of one kind; a mixture goes by the name of the kind. */
export function compareKeys(left: SortKey, right: SortKey): number {
  if (typeof left !== typeof right) return typeof left < typeof right ? -1 : 1;
  return left < right ? -1 : left > right ? 1 : 0;
}

const kinds = new Set(["string", "number", "boolean"]);

function checked(key: SortKey): SortKey {
  if (kinds.has(typeof key) && !Number.isNaN(key)) return key;
  const kind = Number.isNaN(key) ? "NaN" : key === null ? "null" : typeof key;
  throw new TypeError(`sortBy needs a text, a number or a boolean to sort by, but got ${kind}`);
}

/** How many of the bounds a key is behind: the number of its range. */
export function rangeOf(
  key: SortKey,
  bounds: readonly SortKey[],
  { isDescending }: { isDescending: boolean },
): number {
  const sign = isDescending ? -1 : 1;
  let [low, high] = [0, bounds.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sign * compareKeys(checked(key), bounds[middle] as SortKey) < 0) high = middle;
    else low = middle + 1;
  }
  return low;
}
