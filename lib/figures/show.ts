/** One `show` for everything. */
import type { Check } from "./checks";
import { checkTable, requireChecks } from "./checks";
import { mimeBundleSymbol, publish } from "./display";
import type { MimeBundle, Showable } from "./display";
import { inspect } from "util";
import { table } from "./table";
import type { TableRow } from "./table";

/** The part of a danfojs data frame that is shown; the package itself is heavy and not needed. */
export interface FrameLike {
  readonly columns: readonly string[];
  readonly shape: readonly number[];
  readonly values: readonly unknown[];
}

/**
 * Shows a chart, a table, a danfojs data frame, a list of checks, or any value: richly in a
 * notebook, as text in a terminal or a worker. A list of checks with one that does not hold throws
 * after it was shown. Await it: charts are drawn asynchronously.
 */
export async function show(
  value: Showable | FrameLike | readonly Check[] | string | number | object,
): Promise<void> {
  if (isShowable(value)) return publish(await value[mimeBundleSymbol]());
  if (isFrame(value)) return show(frameTable(value));
  if (isChecks(value)) {
    await show(checkTable(value));
    return requireChecks(value);
  }
  publish(plain(value));
}

function plain(value: unknown): MimeBundle {
  return { "text/plain": typeof value === "string" ? value : inspect(value, { depth: 4 }) };
}

function isShowable(value: unknown): value is Showable {
  return typeof value === "object" && value !== null && mimeBundleSymbol in value;
}

function isFrame(value: unknown): value is FrameLike {
  const frame = value as Partial<FrameLike>;
  return (
    typeof value === "object" &&
    value !== null &&
    Array.isArray(frame.columns) &&
    Array.isArray(frame.shape) &&
    frame.shape.length === 2
  );
}

function isChecks(value: unknown): value is readonly Check[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every(
      (item) => typeof item === "object" && item !== null && "claim" in item && "holds" in item,
    )
  );
}

function frameTable(frame: FrameLike): Showable {
  const rows = frame.values.map((row) => {
    const cells = frame.columns.map((column, i) => [column, (row as unknown[])[i]]);
    return Object.fromEntries(cells) as TableRow;
  });
  return table(rows);
}
