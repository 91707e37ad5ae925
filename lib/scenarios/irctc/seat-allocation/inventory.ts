/** What each train has to sell: its stops, and the berths of its classes by quota. */
import { InputError } from "../../../basics";
import { stations, trains } from "../../../generators/irctc";
import type { DeparturePlan } from "./request";

/** Berths of a class on one train; about two coaches. An assumption. */
const berthsByClass: Readonly<Record<string, number>> = { SL: 144, "3A": 128, "2A": 96, "1A": 24 };

/** The share of the berths that a quota has. An assumption, near the railway's. */
const defaultShares = { ladies: 0.08, senior: 0.1, defence: 0.03 };

export interface Inventory {
  /** Station codes of each train's stops, in the order of travel. */
  readonly routes: Readonly<Record<string, readonly string[]>>;
  readonly berths: Readonly<Record<string, number>>;
  /** 0 to 1; the general quota has what they leave. */
  readonly shares: Readonly<Record<"ladies" | "senior" | "defence", number>>;
}

export interface InventoryOptions {
  /** Berths in each class; default SL 144, 3A 128, 2A 96, 1A 24. */
  readonly berths?: Inventory["berths"];
  /** Shares of the quotas, rounded down to berths; default 0.08, 0.1, 0.03. */
  readonly shares?: Inventory["shares"];
}

/** The generator's trains. Throws InputError for shares that leave nothing, or are none. */
export function seatInventory(options: InventoryOptions = {}): Inventory {
  const { berths = berthsByClass, shares = defaultShares } = options;
  const reserved = shares.ladies + shares.senior + shares.defence;
  if (!(reserved <= 1) || Object.values(shares).some((share) => !(share >= 0))) {
    throw new InputError(`shares must be 0 or more and at most 1 together, not ${reserved}`);
  }
  for (const [name, count] of Object.entries(berths)) {
    if (Number.isInteger(count) && count >= 1) continue;
    throw new InputError(`the berths of class ${name} must be a whole number from 1, not ${count}`);
  }
  const routes = trains.map(({ number, stops }) => {
    return [number, stops.map((stop) => stations[stop] as string)] as const;
  });
  return { routes: Object.fromEntries(routes), berths, shares };
}

/** Departures are named "12951|2026-01-12|SL". */
export function planOf(departure: string, { routes, berths, shares }: Inventory): DeparturePlan {
  const [train, , travelClass] = departure.split("|") as [string, string, string];
  const all = berths[travelClass] as number;
  const ladies = Math.floor(all * shares.ladies);
  const senior = Math.floor(all * shares.senior);
  const defence = Math.floor(all * shares.defence);
  const general = all - ladies - senior - defence;
  const stretches = (routes[train] as readonly string[]).length - 1;
  return { berths: all, quotas: { general, ladies, senior, defence }, stretches };
}
