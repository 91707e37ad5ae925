/**
 * What the coordinator of data sets, its workers and whoever submits jobs tell each other. Bulk
 * data never travels here: a task names partitions of steps, and where their inputs lie.
 */
import type { NodeId } from "../../../protocol";
import type { Ended, Heartbeat, Noted, TaskProgress, WorkerLost } from "../../task-worker";

/** How a step's partition comes from a parent's. */
export type PlanParent =
  /** Partition p from the parent's partition p - offset, where there is one. */
  | { readonly kind: "narrow"; readonly step: number; readonly offset: number }
  /** From all partitions of the parent, through a shuffle. */
  | { readonly kind: "wide"; readonly step: number; readonly shuffle: number };

/** One step of the lineage, as far as it decides what has to be computed where. */
export interface PlanStep {
  readonly id: number;
  readonly name: string;
  readonly partitions: number;
  readonly parents: readonly PlanParent[];
  readonly isCached: boolean;
}

/** An action: these partitions of that step are wanted. */
export interface JobPlan {
  readonly job: number;
  readonly target: number;
  readonly partitions: readonly number[];
  /** All ancestors of the target, and itself. */
  readonly steps: readonly PlanStep[];
}

/** A partition of a step. */
export interface PartitionRef {
  readonly step: number;
  readonly partition: number;
}

/** By partition of the parent, the worker that holds its output for the shuffle. */
export interface ShuffleInput {
  readonly shuffle: number;
  readonly workers: readonly NodeId[];
}

/** A partition is computed, and written for a shuffle or handed to the job. */
export interface DatasetTask {
  readonly kind: "shuffle" | "result";
  /** The shuffle, or the job. */
  readonly of: number;
  readonly step: number;
  readonly partition: number;
  readonly inputs: readonly ShuffleInput[];
}

/** What an accumulator got while a step computed a partition. */
export interface Addition extends PartitionRef {
  readonly accumulator: number;
  readonly sum: number;
}

/** An input that was not where it was said to be. */
export type LostInput =
  | { readonly kind: "output"; readonly shuffle: number; readonly partition: number }
  | ({ readonly kind: "cached" } & PartitionRef);

export type DatasetAnswer =
  | {
      readonly type: "executed";
      readonly attemptId: number;
      /** Rows written or handed over. */
      readonly rows: number;
      readonly bytes: number;
      /** Partitions that are in this worker's cache now, and were not before. */
      readonly cached: readonly PartitionRef[];
      /** Partitions that its cache gave up. */
      readonly dropped: readonly PartitionRef[];
      readonly additions: readonly Addition[];
    }
  | {
      readonly type: "failed";
      readonly attemptId: number;
      readonly reason: string;
      /** A function or an input is wrong: to try again is of no use. */
      readonly isFinal: boolean;
      readonly lostInputs?: readonly LostInput[];
      readonly dropped: readonly PartitionRef[];
    };

export interface ExecuteDatasetTask {
  readonly type: "execute";
  readonly attemptId: number;
  readonly task: DatasetTask;
}

export type DatasetMessage =
  | Heartbeat
  | Ended<DatasetAnswer>
  | Noted
  | WorkerLost
  | TaskProgress
  | { readonly type: "assign"; readonly attemptId: number; readonly task: DatasetTask }
  | ExecuteDatasetTask
  | DatasetAnswer
  /** Client to coordinator; the same number again asks for the outcome again. */
  | { readonly type: "submit"; readonly requestId: number; readonly plan: JobPlan }
  /** Client to coordinator: the job is no longer wanted. */
  | { readonly type: "cancel"; readonly job: number }
  /** Client to coordinator: partitions that are to be forgotten, on whichever worker. */
  | { readonly type: "forget"; readonly cached: readonly PartitionRef[] }
  | { readonly type: "jobEnded"; readonly requestId: number; readonly outcome: DatasetOutcome };

/** The detail of the note "jobEnded". */
export interface DatasetOutcome {
  readonly job: number;
  readonly kind: "done" | "failed";
  readonly reason?: string;
  readonly isFinal?: boolean;
}
