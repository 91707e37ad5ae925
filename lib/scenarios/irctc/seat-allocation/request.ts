/** What the allocation of seats speaks of. */
import type { RequestQuota } from "../../../generators/irctc";

/** A request as the reduce sees it. Stops are numbered along the train's route, from 0. */
export interface SeatRequest {
  readonly id: number;
  /** The stop where the journey begins, and the later one where it ends. */
  readonly from: number;
  readonly to: number;
  /** The quota that the first passenger has a right to. */
  readonly quota: RequestQuota;
  /** Milliseconds since 1970, by a clock that shows Indian Standard Time. */
  readonly bookedMs: number;
  /** 1 or more, who travel together or not at all. */
  readonly passengers: number;
}

/** What a departure has to sell. */
export interface DeparturePlan {
  /** Berths in all. */
  readonly berths: number;
  /** How many of them each quota has, on every stretch; they add up to `berths`. */
  readonly quotas: Readonly<Record<RequestQuota, number>>;
  /** Stretches between neighbouring stops; stretch i is from stop i to stop i + 1. */
  readonly stretches: number;
}

/** A journey that was sold. */
export interface Sale {
  /** The request's. */
  readonly id: number;
  readonly from: number;
  readonly to: number;
  /** Whose berths were counted: a quota's, or those that any quota had left over. */
  readonly under: RequestQuota | "released";
  /** One for each passenger, numbered from 1. */
  readonly berths: readonly number[];
}

/** Who has which berth of a departure, and who waits: its chart, in the railway's word. */
export interface SeatChart {
  /** In the order of the stops at which they board. */
  readonly sold: readonly Sale[];
  /** Requests without berths; the first is number 1 of the waiting list. */
  readonly waiting: readonly number[];
}
