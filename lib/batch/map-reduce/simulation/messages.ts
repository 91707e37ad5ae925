/** What simulated executors tell each other and the file system; digests stand for the bytes. */
import type { ControlMessage } from "../control/messages";
import type { Digest } from "./workload";

export type SimulationMessage =
  | ControlMessage
  /** Reduce executor to the executor that holds map outputs. */
  | {
      readonly type: "fetch";
      readonly attemptId: number;
      readonly partition: number;
      readonly mapTaskIds: readonly number[];
    }
  | {
      readonly type: "fetched";
      readonly attemptId: number;
      readonly runs: readonly { readonly mapTaskId: number; readonly digest: Digest }[];
      /** Not on this disk (any more). */
      readonly missing: readonly number[];
    }
  /** Reduce executor to the file system. */
  | {
      readonly type: "write";
      readonly attemptId: number;
      readonly partition: number;
      readonly digest: Digest;
    }
  | { readonly type: "written"; readonly attemptId: number };
