/** Tasks between two shuffles. */
export interface StageReport {
  /** "stage 1", as `explain` has it. */
  readonly name: string;
  /** Its steps, the last one last. */
  readonly steps: readonly string[];
  /** Partitions it has. */
  readonly partitions: number;
  /** Tasks that ended well in this job; partitions that were still there needed none. */
  readonly tasks: number;
  /** Of these, tasks whose output had been there before, and was lost. */
  readonly again: number;
}

/** An attempt at a task. */
export interface JobSpan {
  readonly worker: string;
  /** "stage 1". */
  readonly stage: string;
  readonly partition: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly kind: "done" | "failed" | "beaten" | "lost";
}

export interface JobReport {
  readonly elapsedMs: number;
  readonly stages: readonly StageReport[];
  /** Partitions that were in a cache or on a disk before, were lost, and were computed again. */
  readonly recomputedPartitions: number;
  /** Outputs for this job's shuffles that an earlier process had finished: see `resume`. */
  readonly outputsKept: number;
  /** Workers that died during the job. */
  readonly workersLost: number;
  readonly spans: readonly JobSpan[];
  /** Bytes written for shuffles. */
  readonly shuffledBytes: number;
  /** Times that a broadcast was sent to a worker. */
  readonly broadcastsSent: number;
}
