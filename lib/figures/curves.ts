import type { ChartRow } from "./chart";

/** One point of one curve: `x` under its own name. */
export type CurvePoint = ChartRow & { readonly curve: string; readonly value: number };

/**
 * Rows with a column for each curve, as points for `lineChart`: `{ ms: 5, p50: 20, p99: 30 }` with
 * x "ms" becomes `{ ms: 5, curve: "p50", value: 20 }` and `{ ms: 5, curve: "p99", value: 30 }`.
 * Throws a RangeError for a row without x, or with a curve that is no number.
 */
export function curves(rows: readonly ChartRow[], x: string): CurvePoint[] {
  return rows.flatMap((row) => {
    const at = row[x];
    if (at === undefined) throw new RangeError(`a row has no "${x}": ${JSON.stringify(row)}`);
    const others = Object.entries(row).filter(([name]) => name !== x);
    return others.map(([curve, value]) => {
      if (typeof value === "number") return { [x]: at, curve, value };
      throw new RangeError(`the curve "${curve}" has ${JSON.stringify(value)} at ${x} ${at}`);
    });
  });
}
