/** What the coordinator and the workers of a sort tell each other. */
import type { Ended, Heartbeat, Noted, WorkerLost } from "../../task-worker";
import type { ExecuteSort, SortAnswer, SortTask } from "../tasks";

export type SortMessage =
  | Heartbeat
  /** Coordinator to worker. */
  | { readonly type: "assign"; readonly attemptId: number; readonly task: SortTask }
  | Ended<SortAnswer>
  | Noted
  | WorkerLost
  | ExecuteSort
  | SortAnswer;
