import type { Operation } from "../../../protocol";

/** Something that stands for an operation, or hangs on it. */
export interface Spanned<T> {
  readonly at: Operation;
  readonly item: T;
}

/**
 * The pairs of `before` that ended and `after` that began later, but only the closest: a pair is
 * left out when another of `after` lies wholly between, since that one gives it. Sorted by call.
 */
export function closestPairs<T, U>(
  before: readonly Spanned<T>[],
  after: readonly Spanned<U>[],
): [T, U][] {
  const later = [...after].sort((left, right) => left.at.call - right.at.call);
  const pairs: [T, U][] = [];
  for (const { at, item } of before) {
    let firstEnd = Infinity;
    for (let i = firstAfter(later, at.return); i < later.length; i++) {
      if (later[i].at.call > firstEnd) break;
      firstEnd = Math.min(firstEnd, later[i].at.return);
      pairs.push([item, later[i].item]);
    }
  }
  return pairs;
}

/** The place of the first that was called after `end`. */
function firstAfter<T>(sorted: readonly Spanned<T>[], end: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle].at.call <= end) low = middle + 1;
    else high = middle;
  }
  return low;
}
