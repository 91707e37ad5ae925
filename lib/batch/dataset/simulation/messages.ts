/** What simulated executors tell each other and the output; here rows do travel. */
import type { DatasetMessage } from "../control/messages";
import type { SimulatedRow } from "./model";

export type DatasetSimulationMessage =
  | DatasetMessage
  /** Executor to the one whose disk has a partition's output for a shuffle. */
  | {
      readonly type: "fetch";
      readonly attemptId: number;
      readonly shuffle: number;
      readonly source: number;
    }
  | {
      readonly type: "fetched";
      readonly attemptId: number;
      readonly shuffle: number;
      readonly source: number;
      /** Absent: not on this disk (any more). */
      readonly rows?: readonly SimulatedRow[];
    }
  /** Executor to the output. */
  | {
      readonly type: "write";
      readonly attemptId: number;
      readonly job: number;
      readonly partition: number;
      readonly rows: readonly SimulatedRow[];
    }
  | { readonly type: "written"; readonly attemptId: number };
