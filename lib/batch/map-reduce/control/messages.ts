/** What the coordinator and the workers tell each other. Bulk data never travels here. */
import type { NodeId } from "../../../protocol";
import type { Counters, ExecutorAnswer, ExecutorRequest, OutputRef, Split, Task } from "../tasks";

export type ControlMessage =
  /** Worker to coordinator: I am here, with these attempts in work, each with its progress. */
  | {
      readonly type: "heartbeat";
      readonly running: readonly RunningAttempt[];
      /** Drawn anew at each start: another number from the same name is another life. */
      readonly incarnation: number;
    }
  /** Coordinator to worker. */
  | {
      readonly type: "assign";
      readonly attemptId: number;
      readonly task: Task;
      readonly skipRecordsAt: readonly number[];
    }
  /** Worker to coordinator: the executor's answer, whole. */
  | { readonly type: "ended"; readonly answer: EndedAnswer }
  /** Coordinator to worker: your answer has arrived, stop repeating it. */
  | { readonly type: "noted"; readonly attemptId: number }
  /** Host to coordinator: this worker is gone for good. */
  | { readonly type: "workerLost"; readonly worker: NodeId }
  | ExecutorRequest
  | ExecutorAnswer;

export type EndedAnswer = Exclude<ExecutorAnswer, { type: "progress" }>;

export interface RunningAttempt {
  readonly attemptId: number;
  /** 0 to 1. */
  readonly fraction: number;
}

/** What is to be done: one map task a split, one reduce task a partition. */
export interface Plan {
  readonly splits: readonly Split[];
  readonly partitions: number;
  /** The rack (network switch) of each worker, for locality; default: nothing is known. */
  readonly racks?: Readonly<Record<NodeId, string>>;
}

/** What the coordinator says with its last note, "done" or "failed". */
export interface JobOutcome {
  readonly outputs: readonly OutputRef[];
  readonly counters: Counters;
  readonly reason?: string;
}
