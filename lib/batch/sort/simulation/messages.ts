/** What simulated executors tell each other and the file system; here records do travel. */
import type { NodeId } from "../../../protocol";
import type { SortMessage } from "../control/messages";

/** A key and its place in the input. */
export type SimulatedRecord = readonly [key: string, place: number];

export type SortSimulationMessage =
  | SortMessage
  /** Merging executor to the one that holds a run. */
  | { readonly type: "fetch"; readonly attemptId: number; readonly runTaskId: number }
  | {
      readonly type: "fetched";
      readonly attemptId: number;
      readonly runTaskId: number;
      readonly from: NodeId;
      /** Absent: not on this disk (any more). */
      readonly records?: readonly SimulatedRecord[];
    }
  /** Merging executor to the file system. */
  | {
      readonly type: "write";
      readonly attemptId: number;
      readonly taskId: number;
      readonly records: readonly SimulatedRecord[];
    }
  | { readonly type: "written"; readonly attemptId: number };
