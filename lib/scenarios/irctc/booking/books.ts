/** What a shard's tickets and money add up to. */
import type { BookingState } from "./state";

export interface BookingBooks {
  readonly [name: string]: number;
  /** On sale. */
  readonly departures: number;
  readonly tickets: number;
  readonly berths: number;
  readonly rac: number;
  readonly waiting: number;
  /** Unpaid, and not yet let go. */
  readonly held: number;
  readonly paid: number;
  /** Orders to the gateway that it has not answered. */
  readonly orders: number;
  /** Fares that were paid, less what was paid back. */
  readonly keptPaise: number;
}

export function booksOf({ departures, tickets, holds, orders }: BookingState): BookingBooks {
  const places = { berths: 0, rac: 0, waiting: 0, none: 0 };
  let [paid, keptPaise] = [0, 0];
  for (const { place, isPaid, farePaise, refundPaise } of tickets.values()) {
    places[place.kind]++;
    if (!isPaid) continue;
    paid++;
    keptPaise += farePaise - refundPaise;
  }
  const { berths, rac, waiting } = places;
  const sizes = { departures: departures.size, tickets: tickets.size };
  return { ...sizes, berths, rac, waiting, paid, keptPaise, held: holds.size, orders: orders.size };
}
