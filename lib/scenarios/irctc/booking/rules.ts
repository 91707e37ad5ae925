/**
 * What makes the booking safe, each as a function of its own, so that storms can plant a bug in
 * one and must find it.
 */
import type { BookingCommand } from "./commands";
import type { Departure, Place, Ticket } from "./state";
import type { BookingQuota } from "./train-plan";
import type { Stops } from "./berth-map";

/** Waiting tickets of tatkal come last at the chart: see promote.ts. */
export const chartOrder = ["general", "ladies", "senior", "defence", "tatkal"] as const;

type Book = Extract<BookingCommand, { op: "book" }>;

export interface BookingRules {
  /** From when the hold counts. */
  heldFromMs(command: Book, clockMs: number): number;
  /** Whether a key that has been answered is answered alike again. */
  hasAnswered(state: { readonly answers: ReadonlyMap<string, unknown> }, key: string): boolean;
  /** A place that was chosen before the command was agreed on; the machine chooses, so none. */
  placeOf(command: Book): Place | undefined;
  /** Which berths a quota may sell, and which seats for RAC. */
  berthsFor(departure: Departure, quota: BookingQuota): Int32Array;
  seatsFor(departure: Departure, quota: BookingQuota): Int32Array;
  /** In which order those who wait are asked whether they fit. */
  promotionOrder(pnrs: readonly string[]): readonly string[];
  /** At the chart, whose lists come first when what no quota has sold is for all. */
  readonly chartOrder: readonly BookingQuota[];
  /** What becomes free when a ticket ends. */
  freedStops(ticket: Ticket, departure: Departure): Stops;
  /** Whether a payment counts that comes when its ticket has ended. */
  acceptsLate(ticket: Ticket): boolean;
  /** Whether the gateway is told to take back the charge of a ticket that is let go unpaid. */
  voidsUnpaid(ticket: Ticket): boolean;
}

export const bookingRules: BookingRules = {
  heldFromMs: (_, clockMs) => clockMs,
  hasAnswered: ({ answers }, key) => answers.has(key),
  placeOf: () => undefined,
  berthsFor: ({ layout, isCharted }, quota) => (isCharted ? layout.all : layout.ofQuota[quota]),
  seatsFor: ({ layout, isCharted }, quota) =>
    isCharted && quota !== "tatkal" ? layout.seats : layout.seatsOf[quota],
  promotionOrder: (pnrs) => pnrs,
  chartOrder,
  freedStops: ({ from, to }) => ({ from, to }),
  acceptsLate: () => false,
  voidsUnpaid: () => true,
};
