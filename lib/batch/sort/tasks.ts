/**
 * The vocabulary that the control plane (who sorts what) and the data plane (the bytes) share.
 * Messages carry references to bulk data and a few sampled keys, never the data.
 */
import type { NodeId } from "../../protocol";

/** A byte range of one file; a line belongs to the range in which it begins. */
export interface SortSplit {
  readonly file: string;
  readonly startByte: number;
  readonly endByte: number;
}

/** A sorted run on the disk of the worker that made it. */
export interface RunRef {
  readonly worker: NodeId;
  /** Runs are in the order of the input by task, then by part. */
  readonly taskId: number;
  readonly part: number;
  /** Beside it lie its `.index` and its `.blocks`. */
  readonly file: string;
  readonly records: number;
  readonly bytes: number;
  readonly longestBytes: number;
}

/** The key of one record of a run, every so many records. */
export interface KeySample {
  /** One character a byte; compared as text. */
  readonly key: string;
  /** False: cut off, so that others may look the same. */
  readonly isWhole: boolean;
  /** Its number in its run, from 0. */
  readonly record: number;
}

/** A run as it is reported. */
export interface MadeRun extends RunRef {
  readonly samples: readonly KeySample[];
}

/**
 * Where two ranges meet: before all records with that key, or, when it is whole, before the one
 * with that number in the run: many equal keys are shared out so.
 */
export interface Splitter extends KeySample {
  /** Index in the list of all runs. */
  readonly run: number;
}

export type SortTask =
  | { readonly kind: "run"; readonly taskId: number; readonly split: SortSplit }
  | {
      readonly kind: "merge";
      readonly taskId: number;
      /** From the first at `low` to the last before `high`; absent: from the start, to the end. */
      readonly low?: Splitter;
      readonly high?: Splitter;
      readonly runs: readonly RunRef[];
    };

/** What an executor is asked. */
export interface ExecuteSort {
  readonly type: "execute";
  readonly attemptId: number;
  readonly task: SortTask;
}

export type SortAnswer =
  | {
      readonly type: "executed";
      readonly attemptId: number;
      /** Of a run task. */
      readonly runs: readonly MadeRun[];
      /** Bytes sorted or merged. */
      readonly bytes: number;
      /** Of a merge: how often its bytes were merged at most; absent: once. */
      readonly passes?: number;
    }
  | {
      readonly type: "failed";
      readonly attemptId: number;
      readonly reason: string;
      /** Bad input or a full disk: to try again is of no use. */
      readonly isFinal: boolean;
      /** Of a merge: runs that could not be read. */
      readonly lostRuns?: readonly RunRef[];
    };
