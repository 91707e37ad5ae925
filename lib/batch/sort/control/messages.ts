/** What the coordinator and the workers of a sort tell each other. */
import type { NodeId } from "../../../protocol";
import type { ExecuteSort, SortAnswer, SortTask } from "../tasks";

export type SortMessage =
  /** Worker to coordinator: I am here, with these attempts in work. */
  | {
      readonly type: "heartbeat";
      readonly running: readonly number[];
      /** Drawn anew at each start: another number from the same name is another life. */
      readonly incarnation: number;
    }
  /** Coordinator to worker. */
  | { readonly type: "assign"; readonly attemptId: number; readonly task: SortTask }
  /** Worker to coordinator: the executor's answer, whole; repeated until it is noted. */
  | { readonly type: "ended"; readonly answer: SortAnswer }
  /** Coordinator to worker: your answer has arrived. */
  | { readonly type: "noted"; readonly attemptId: number }
  /** Host to coordinator: this worker is gone for good. */
  | { readonly type: "workerLost"; readonly worker: NodeId }
  | ExecuteSort
  | SortAnswer;
