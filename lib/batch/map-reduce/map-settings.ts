/** What a map task is given and gives back. */
import { BadRecords } from "./bad-records";
import type { Counters, OutputRef, Split } from "./tasks";

export interface MapSettings {
  readonly partitions: number;
  /** Roughly how much a task may hold before it spills. */
  readonly memoryBytes: number;
  /** So many records may fail, and are told together; absent: the first one's RecordError. */
  readonly maxBadRecords?: number;
  /** The worker's own folder for runs. */
  readonly folder: string;
  readonly worker: string;
  /** Called after every block of input with the share of the split that is done. */
  readonly onProgress?: (fraction: number) => void;
}

export interface MapTask {
  readonly taskId: number;
  readonly split: Split;
  readonly skipRecordsAt: readonly number[];
}

export interface MapResult {
  readonly outputs: readonly OutputRef[];
  readonly counters: Counters;
}

/** Undefined where the first record that fails ends the task. */
export function badRecordsOf(
  { split, skipRecordsAt }: MapTask,
  { maxBadRecords }: MapSettings,
): BadRecords | undefined {
  if (maxBadRecords === undefined) return undefined;
  return new BadRecords(split.file, { most: maxBadRecords, skipped: skipRecordsAt.length });
}

/** How far a split is, told to the coordinator. */
export function progressOf(split: Split, at: number): number {
  return Math.min(1, Math.max(0, at - split.startByte) / (split.endByte - split.startByte));
}
