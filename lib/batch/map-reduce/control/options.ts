/** The knobs of the coordinator. */
import { defaultBadRecords } from "../bad-records";
import type { Plan } from "./messages";

export interface CoordinatorOptions {
  readonly plan: Plan;
  /** How often leases and stragglers are looked at, in ms; default 500. */
  readonly checkMs: number;
  /** A worker silent for so long is dead; rule of thumb: 5 to 10 heartbeats. Default 5,000. */
  readonly leaseMs: number;
  /** Failures of one task that fail the job; default 4, as in Hadoop. */
  readonly maxFailures: number;
  /** Failures on one record before it is skipped; default 2 (section 4.6: "more than one"). */
  readonly skipAfter: number;
  /** More records than this that fail, over all tasks, fail the job; default 1,000. */
  readonly maxBadRecords: number;
  /** A task that has run this many times the mean gets a backup; 0: no backups. Default 1.5. */
  readonly backupFactor: number;
  /** When at most this share of a phase is open, all that runs gets a backup (3.6). Default 0. */
  readonly backupShare: number;
  /** Where map outputs lie: on their worker's disk, and lost with it, or where all reach them. */
  readonly mapOutputs: "worker" | "shared";
  /**
   * Where reduce outputs lie: on their worker's disk, and lost with it, or in a file system that
   * all share, as in the paper. Default "worker".
   */
  readonly reduceOutputs: "worker" | "shared";
}

export const defaults = {
  checkMs: 500,
  leaseMs: 5_000,
  maxFailures: 4,
  skipAfter: 2,
  maxBadRecords: defaultBadRecords,
  backupFactor: 1.5,
  backupShare: 0,
  mapOutputs: "worker",
  reduceOutputs: "worker",
} as const;
