/** What operators and sharers work on and with. */
import type { DatasetTask } from "../control/messages";
import type { ShippedStep } from "../steps";
import type { PartitionCache } from "./cache";
import type { CallOf } from "./functions";

/** Takes a batch of rows; false: no more are wanted. A batch may be kept, but not changed. */
export type Push = (rows: readonly unknown[]) => boolean;

/** What a thread has for all tasks. */
export interface Workshop {
  readonly steps: ReadonlyMap<number, ShippedStep>;
  readonly cache: PartitionCache;
  /** The functions of a step, made once. */
  readonly callOf: CallOf;
  /** Holds one folder a worker. */
  readonly sessionFolder: string;
  readonly worker: string;
  /** Roughly what one task may hold. */
  readonly memoryBytes: number;
}

/** What computes partitions, within one task. */
export interface Computing {
  readonly workshop: Workshop;
  readonly task: DatasetTask;
  readonly onProgress: (fraction: number) => void;
  /** Pushes all rows of the partition, or as many as are wanted. */
  produce(step: number, partition: number, push: Push): Promise<void>;
  /** Pushes the rows of the parent's partition that this partition comes from, if there is one. */
  produceParent(
    step: ShippedStep,
    from: { index: number; partition: number; push: Push },
  ): Promise<void>;
  step(id: number): ShippedStep;
}

/** What an operator is asked. */
export interface Part {
  readonly step: ShippedStep;
  readonly partition: number;
  readonly push: Push;
  readonly evaluation: Computing;
}

/** The map side of a shuffle: takes rows, and puts them where they belong. */
export interface Sharer {
  add(rows: readonly unknown[]): void;
  finish(): { rows: number; bytes: number };
  abandon(): void;
}

export interface ShareSettings {
  readonly shuffle: number;
  /** The parent's. */
  readonly partition: number;
  /** The step that reads the shuffle. */
  readonly reader: ShippedStep;
  readonly evaluation: Computing;
}
