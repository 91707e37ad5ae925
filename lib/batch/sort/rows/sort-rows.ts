/** Sorting of rows in memory: stable, by several keys of a row or by a comparison. */

/** One thing of a row to sort by; the most significant comes first. */
export interface RowKey<Row> {
  readonly key: (row: Row) => number | string | bigint;
  /** Default "ascending". */
  readonly order?: "ascending" | "descending";
}

export type RowComparison<Row> = (left: Row, right: Row) => number;

/**
 * The comparison that several keys make: numbers by size, texts by UTF-16 code units. NaN comes
 * after all other numbers, in either order, so that the order is one.
 */
export function orderBy<Row>(...keys: readonly RowKey<Row>[]): RowComparison<Row> {
  return (left, right) => {
    for (const { key, order } of keys) {
      const difference = compareValues(key(left), key(right), order === "descending");
      if (difference !== 0) return difference;
    }
    return 0;
  };
}

function compareValues<Value>(left: Value, right: Value, isDescending: boolean): number {
  const [isLeftNone, isRightNone] = [Number.isNaN(left), Number.isNaN(right)];
  if (isLeftNone || isRightNone) return Number(isLeftNone) - Number(isRightNone);
  const difference = left < right ? -1 : left > right ? 1 : 0;
  return isDescending ? -difference : difference;
}

/** The rows in order, as a new array; rows that are equal stay in theirs. */
export function sortRows<Row>(rows: readonly Row[], compare: RowComparison<Row>): Row[] {
  return [...rows].sort(compare);
}
