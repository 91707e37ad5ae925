/** What the coordinator of data sets can be told. */
export interface DatasetCoordinatorOptions {
  /** How often leases, waits and stragglers are looked at, in ms; default 500. */
  readonly checkMs: number;
  /** A worker silent for so long is dead; rule of thumb: 5 to 10 heartbeats. Default 5,000. */
  readonly leaseMs: number;
  /** A task waits so long for the worker that has its partition cached. Default 3,000 (5.1). */
  readonly localityWaitMs: number;
  /** Failures of one task that fail the job; default 4. */
  readonly maxFailures: number;
  /** A task that has run this many times the mean gets a backup; 0: none does. Default 3. */
  readonly backupFactor: number;
  /** Where outputs for shuffles lie: on their worker's disk, lost with it, or where all reach. */
  readonly outputsAt: "worker" | "shared";
}

export const defaultOptions: DatasetCoordinatorOptions = {
  checkMs: 500,
  leaseMs: 5_000,
  localityWaitMs: 3_000,
  maxFailures: 4,
  backupFactor: 3,
  outputsAt: "worker",
};
