/** What both algorithms of the Byzantine generals share: orders, options, paths, majority. */
import { InputError, wholeInRange } from "../../basics";
import type { NodeId } from "../../protocol";

export type Order = "attack" | "retreat";

/** Who says nothing is held to have said this (assumption A3, and RETREAT in section 3). */
export const defaultOrder: Order = "retreat";

export interface GeneralOptions {
  /** Default "n1"; all others are lieutenants. */
  readonly commander: NodeId;
  /** m: there are m + 1 rounds. 0 to 6; default 1. */
  readonly traitors: number;
  /** What the commander orders; default "attack". */
  readonly order: Order;
  /** Longer than any message takes; default 100. */
  readonly roundMs: number;
}

export const defaultGeneralOptions: GeneralOptions = {
  commander: "n1",
  traitors: 1,
  order: "attack",
  roundMs: 100,
};

/** Throws RangeError or InputError for what cannot be. */
export function generalOptions(given: Partial<GeneralOptions> = {}): GeneralOptions {
  const options = { ...defaultGeneralOptions, ...given };
  wholeInRange("traitors", options.traitors, { min: 0, max: 6 });
  wholeInRange("roundMs", options.roundMs, { min: 1, max: 1e6 });
  if (isOrder(options.order)) return options;
  throw new InputError(`an order is "attack" or "retreat", not ${JSON.stringify(options.order)}`);
}

export function isOrder(value: unknown): value is Order {
  return value === "attack" || value === "retreat";
}

/** The order that more than half give; the default when there is none. */
export function majority(orders: readonly Order[]): Order {
  const attacks = orders.filter((order) => order === "attack").length;
  return attacks * 2 > orders.length ? "attack" : defaultOrder;
}

/** All ways of an order through `length` generals, the commander first, nobody twice. */
export function waysOf(
  generals: readonly NodeId[],
  commander: NodeId,
  length: number,
): readonly (readonly NodeId[])[] {
  let ways: NodeId[][] = [[commander]];
  for (let i = 1; i < length; i++) {
    ways = ways.flatMap((way) =>
      generals.filter((general) => !way.includes(general)).map((general) => [...way, general]),
    );
  }
  return ways;
}

/** A way starts at the commander, ends at the one who brought it, and avoids who hears of it. */
export function isWay(
  way: unknown,
  { commander, from, to }: { commander: NodeId; from: NodeId; to: NodeId },
): way is readonly NodeId[] {
  if (!Array.isArray(way) || way[0] !== commander || way[way.length - 1] !== from) return false;
  return new Set(way).size === way.length && !way.includes(to);
}
