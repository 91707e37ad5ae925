/** Puts and gets that a load client draws: keys evenly, every value a different one. */
import { inRange, wholeInRange } from "../basics";
import type { NodeId } from "../protocol";

type Drawn = { readonly command: unknown } | { readonly query: unknown };

/** The options of every load client, but for the number of keys, which each names in its way. */
export interface LoadOptions {
  /** How many operations; default null: it never ends. */
  readonly count: number | null;
  /** Length of the values that are put, in bytes, each one different; default 256. */
  readonly valueBytes: number;
  /** How many of the operations read, 0 to 1; default 0. */
  readonly readShare: number;
}

export interface DrawnLoad extends LoadOptions {
  /** Keys "key-1" to "key-1000" are drawn evenly for 1000, the default. */
  readonly keys: number;
}

/** With the defaults. Throws a RangeError for what is wrong; `name` is that of the keys' number. */
export function drawnLoad(
  given: Partial<LoadOptions>,
  [name, keys = 1_000]: readonly [name: string, keys: number | undefined],
): DrawnLoad {
  const { count = null, valueBytes = 256, readShare = 0 } = given;
  if (count !== null) wholeInRange("count", count, { min: 0, max: Number.MAX_SAFE_INTEGER });
  wholeInRange("valueBytes", valueBytes, { min: 16, max: 2 ** 20 });
  wholeInRange(name, keys, { min: 1, max: 2 ** 32 });
  inRange("readShare", readShare, { min: 0, max: 1 });
  return { count, valueBytes, keys, readShare };
}

/** What the client does after `drawn` others; undefined: it has done all. */
export function drawOperation(
  { count, keys, readShare, valueBytes }: DrawnLoad,
  { id, drawn }: { readonly id: NodeId; readonly drawn: number },
  random: () => number,
): Drawn | undefined {
  if (count !== null && drawn >= count) return undefined;
  const key = `key-${1 + Math.floor(random() * keys)}`;
  if (random() < readShare) return { query: { op: "get", key } };
  const value = `${id}/${drawn + 1}/`.padEnd(valueBytes, ".");
  return { command: { op: "put", key, value } };
}
