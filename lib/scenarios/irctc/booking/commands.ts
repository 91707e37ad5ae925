/** What is asked of the booking machine, and what it answers. Money is whole paise. */
import type { BerthType, BookingQuota, TrainPlan } from "./train-plan";

export interface Passenger {
  readonly age: number;
  readonly gender: "F" | "M" | "T";
  readonly wish?: BerthType;
  /** Defence personnel; the railway sees a warrant, this model believes. */
  readonly isDefence?: boolean;
}

export interface BookingRequestFor {
  /** "12951|2026-01-12|SL" */
  readonly departure: string;
  /** Stops along the train's way, from 0. */
  readonly from: number;
  readonly to: number;
  readonly quota: BookingQuota;
  /** Who travel together or not at all: 1 to 6, under tatkal 1 to 4. */
  readonly passengers: readonly Passenger[];
}

/** `atMs`: the proposed time, which the leader writes into what it is asked. */
export type BookingCommand = { readonly atMs?: number } &
  /** `shard`: the first two digits of its PNRs, 0 to 99; default 0. */
  (
    | {
        readonly op: "open";
        readonly departure: string;
        readonly plan: TrainPlan;
        readonly shard?: number;
      }
    /** `key`: chosen by the passenger's device; a retry repeats it. */
    | ({
        readonly op: "book";
        readonly key: string;
        readonly clientMs?: number;
      } & BookingRequestFor)
    | { readonly op: "cancel"; readonly pnr: string }
    /** The gateway's word on a payment. */
    | { readonly op: "paid" | "declined" | "refunded"; readonly pnr: string }
    | { readonly op: "chart"; readonly departure: string }
    | { readonly op: "tick" }
  );

export type BookingQuery =
  | { readonly op: "ticket"; readonly pnr: string }
  | ({ readonly op: "search" } & Omit<BookingRequestFor, "passengers">);

/** What a passenger has: berths, seats for RAC, or a place in a waiting list (1 is the first). */
export type Standing =
  | { readonly kind: "berths"; readonly berths: readonly string[] }
  | { readonly kind: "rac"; readonly seats: readonly string[] }
  | { readonly kind: "waiting"; readonly number: number }
  /** Not paid in time, given back, or never promoted. */
  | { readonly kind: "none"; readonly because: "released" | "cancelled" | "dropped" };

export interface TicketView {
  readonly kind: "ticket";
  readonly pnr: string;
  /** "held" until it is paid, then "booked"; "ended" has nothing any more. */
  readonly state: "held" | "booked" | "ended";
  readonly standing: Standing;
  readonly farePaise: number;
  /** What was or is to be paid back. */
  readonly refundPaise: number;
}

/** All are definite: a refused command has changed nothing, and never will. */
export type BookingAnswer =
  | TicketView
  | { readonly kind: "done" }
  | { readonly kind: "refused"; readonly reason: string }
  /** This key has served another request: a bug or a fraud, never a retry. */
  | { readonly kind: "keyReused"; readonly key: string }
  | { readonly kind: "unknown"; readonly what: string };

/** What a search finds; as of the last proposed time that this server has applied. */
export interface Availability {
  readonly kind: "availability";
  readonly free: number;
  readonly racFree: number;
  readonly waiting: number;
  readonly asOfMs: number;
}
