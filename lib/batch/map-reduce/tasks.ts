/**
 * The vocabulary that the control plane (who does which task) and the data plane (the real bytes)
 * share. Messages carry references to bulk data, never the data.
 */
import type { NodeId } from "../../protocol";
import type { LocalExecutor } from "../local-cluster";
import type { TaskProgress } from "../task-worker";

/** A byte range of one file, cut at line ends by whoever reads it: [startByte, endByte). */
export interface Split {
  readonly file: string;
  readonly startByte: number;
  readonly endByte: number;
  /** The workers whose machines hold a copy; absent where every worker reads it alike. */
  readonly replicas?: readonly NodeId[];
}

/**
 * Where one partition of one map task's output lies: on the worker that made it, and lost with it.
 */
export interface OutputRef {
  readonly worker: NodeId;
  readonly mapTaskId: number;
  readonly partition: number;
  readonly bytes: number;
}

export type Task =
  | { readonly kind: "map"; readonly taskId: number; readonly split: Split }
  | {
      readonly kind: "reduce";
      readonly taskId: number;
      readonly partition: number;
      readonly inputs: readonly OutputRef[];
    };

/** Named sums, as in the MapReduce paper, section 4.9: records read, bad records, spills... */
export type Counters = Readonly<Record<string, number>>;

/** What a worker node asks of the executor on its machine. */
export type ExecutorRequest = {
  readonly type: "execute";
  readonly attemptId: number;
  readonly task: Task;
  /** Byte offsets of records that crashed user code before: to be skipped and counted (4.6). */
  readonly skipRecordsAt: readonly number[];
};

/** What the executor answers, in any number of `progress` and then one of the other two. */
export type ExecutorAnswer =
  | TaskProgress
  | {
      readonly type: "executed";
      readonly attemptId: number;
      readonly outputs: readonly OutputRef[];
      readonly counters: Counters;
    }
  | {
      readonly type: "failed";
      readonly attemptId: number;
      readonly reason: string;
      /** The byte offsets of the records that user code failed on, if it was them. */
      readonly recordsAt?: readonly number[];
      /** It would fail again. */
      readonly isFinal?: boolean;
      /** The map outputs that could not be fetched, for a reduce task. */
      readonly lostOutputs?: readonly OutputRef[];
    };

/** The data plane of one worker: a thread in the real cluster, a cost model in the simulator. */
export interface Executor extends LocalExecutor<ExecutorRequest, ExecutorAnswer> {
  /** The job has ended: the executor may serve another one. */
  release(): Promise<void>;
}
