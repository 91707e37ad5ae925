/** What the nodes of a Pregel cluster tell each other. */
import type { NodeId } from "../../protocol";
import { sharedFloat64 } from "../structure/thread-arrays";

/**
 * Numbers as JSON has them, those that are not finite as text; or, between threads of one process,
 * in shared memory, so that the message carries a reference and not the data.
 */
export type Numbers = readonly (number | string)[] | Float64Array;

export interface Step {
  /** Attempts are numbered; each begins at a checkpoint, or at superstep 0. */
  readonly epoch: number;
  readonly epochStart: number;
  readonly superstep: number;
  /** By partition. */
  readonly owners: readonly NodeId[];
  /** Of the superstep before. */
  readonly aggregates: Readonly<Record<string, number>>;
  /** What each partition is and has been sent is written to the store first; section 4.2. */
  readonly hasCheckpoint: boolean;
  /** Nothing is computed any more: values are written to the store. */
  readonly isFinal: boolean;
}

interface Place {
  readonly epoch: number;
  /** In which the mail is to be read. */
  readonly superstep: number;
  /** Partitions. */
  readonly from: number;
  readonly to: number;
}

export type PregelMessage =
  /** Worker to master. Another incarnation is another life: what it knew is gone. */
  | { readonly type: "heartbeat"; readonly incarnation: number }
  /** Master to worker, until it is done. */
  | ({ readonly type: "step" } & Step)
  /** Worker to worker: targets and messages by turns. Empty mail is not sent. */
  | ({ readonly type: "mail"; readonly mail: Numbers } & Place)
  | ({ readonly type: "mailTaken" } & Place)
  /** Worker to master: computed, and all mail and writes have arrived. */
  | {
      readonly type: "stepDone";
      readonly epoch: number;
      readonly superstep: number;
      readonly reports: readonly PartitionReport[];
    }
  /** To the store and back. */
  | { readonly type: "write"; readonly key: string; readonly content: Content }
  | { readonly type: "written"; readonly key: string }
  | { readonly type: "read"; readonly key: string }
  | { readonly type: "content"; readonly key: string; readonly content: Content | null };

export interface PartitionReport {
  readonly partition: number;
  readonly aggregates: Readonly<Record<string, number>>;
  readonly computed: number;
  readonly awake: number;
  readonly messages: number;
}

/** A partition at the beginning of a superstep. */
export interface Content {
  /** By vertex of the partition, in order. */
  readonly values: Numbers;
  /** By vertex of the partition, 1 or 0. */
  readonly awake: Numbers;
  /** By sending partition. */
  readonly mail: readonly Numbers[];
}

export type Wrapping = "json" | "shared";

export function wrap(numbers: ArrayLike<number>, wrapping: Wrapping): Numbers {
  if (wrapping === "json") {
    return Array.from(numbers, (value) => (Number.isFinite(value) ? value : String(value)));
  }
  const shared = sharedFloat64(numbers.length);
  shared.set(numbers);
  return shared;
}

export function unwrap(numbers: Numbers): ArrayLike<number> {
  return numbers instanceof Float64Array ? numbers : numbers.map(Number);
}
