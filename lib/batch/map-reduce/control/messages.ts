/** What the coordinator and the workers tell each other. Bulk data never travels here. */
import type { NodeId } from "../../../protocol";
import type { Ended, Heartbeat, Noted, WorkerLost } from "../../task-worker";
import type { Counters, ExecutorAnswer, ExecutorRequest, OutputRef, Split, Task } from "../tasks";

export type ControlMessage =
  | Heartbeat
  /** Coordinator to worker. */
  | {
      readonly type: "assign";
      readonly attemptId: number;
      readonly task: Task;
      readonly skipRecordsAt: readonly number[];
    }
  | Ended<EndedAnswer>
  | Noted
  | WorkerLost
  | ExecutorRequest
  | ExecutorAnswer;

export type EndedAnswer = Exclude<ExecutorAnswer, { type: "progress" }>;

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
  /** It would fail again: bad input. */
  readonly isFinal?: boolean;
}
