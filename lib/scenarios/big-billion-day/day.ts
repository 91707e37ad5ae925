/** What is told of a simulated day. */
import type { Arrival } from "./arrivals";

/** One job and its end, as its client saw it. */
export interface Job extends Arrival {
  /** `open`: it had not ended when the simulation did. */
  readonly outcome: "done" | "dead" | "shed" | "open";
  /** From its arrival to its end, the way back included; null: it has none. */
  readonly tookMs: number | null;
  /** Not done by its deadline. */
  readonly isLate: boolean;
}

export interface JobSummary {
  readonly jobs: number;
  readonly done: number;
  readonly dead: number;
  readonly shed: number;
  readonly open: number;
  /** Of those that are done. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** Part of all that were not done by their deadline, 0 to 1. */
  readonly lateShare: number;
}

/** A tenth of an hour. */
export interface DaySlice {
  /** Its end, by the clock. */
  readonly hour: number;
  readonly arrived: number;
  readonly done: number;
  /** Jobs that wait in the scheduler, and those that have come and not ended; at the end of it. */
  readonly waiting: number;
  readonly underWay: number;
}

export interface BigBillionDay {
  readonly jobs: readonly Job[];
  readonly slices: readonly DaySlice[];
  /** Jobs that came within three hours of the opening. */
  readonly rush: readonly Job[];
  readonly byKind: Readonly<Record<string, JobSummary>>;
  readonly byTenant: Readonly<Record<string, JobSummary>>;
  /** Dead letters, by id, with the cause of each. */
  readonly deadLetters: Readonly<Record<string, string>>;
  /** Attempts begun by workers, and those that were not the first of their job. */
  readonly attempts: number;
  readonly repeated: number;
  /** Jobs with an effect, and those that have more than one. */
  readonly effects: number;
  readonly effectsTwice: number;
  /** Jobs done in the slice in which most were, a second of virtual time. */
  readonly peakPerSecond: number;
  /** Jain's index of the tenants' median times in the rush: 1, all wait as long; 1/3, one waits. */
  readonly jainOfWaits: number;
}
