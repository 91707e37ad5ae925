/**
 * One reduce task: the runs of its partition merged in the order of their map tasks, each key once
 * through `reduce`. Source: Dean and Ghemawat 2004, section 3.1, steps 5 and 6.
 */
import { existsSync, renameSync } from "fs";
import { join } from "path";
import type { Job } from "./job";
import { runName } from "./map-task";
import { mergeRuns, writeRun } from "./run-file";
import type { Group } from "./run-file";
import type { Counters, OutputRef } from "./tasks";

/** Outputs of map tasks that could not be found: their machine, and so their disk, is gone. */
export class LostOutputs extends Error {
  constructor(readonly outputs: readonly OutputRef[]) {
    super(`${outputs.length} map outputs are lost`);
  }
}

export interface ReduceSettings {
  /** The folder that holds one folder a worker. */
  readonly jobFolder: string;
  readonly worker: string;
}

/** Where a reduce task's answer lies in its worker's folder. */
export function answerName(partition: number): string {
  return `reduce-${partition}.run`;
}

export function runReduceTask(
  job: Job,
  task: { partition: number; inputs: readonly OutputRef[] },
  settings: ReduceSettings,
): { outputs: readonly OutputRef[]; counters: Counters } {
  const inputs = [...task.inputs].sort((left, right) => left.mapTaskId - right.mapTaskId);
  const files = inputs.map((ref) =>
    join(settings.jobFolder, ref.worker, runName(ref.mapTaskId, ref.partition)),
  );
  const lost = inputs.filter((_, index) => !existsSync(files[index] as string));
  if (lost.length > 0) throw new LostOutputs(lost);
  const counters = { keysReduced: 0 };
  const target = join(settings.jobFolder, settings.worker, answerName(task.partition));
  const bytes = writeRun(`${target}.partial`, reduced(job, files, counters));
  renameSync(`${target}.partial`, target);
  const { partition } = task;
  return { outputs: [{ worker: settings.worker, mapTaskId: -1, partition, bytes }], counters };
}

function* reduced(
  job: Job,
  files: readonly string[],
  counters: { keysReduced: number },
): Generator<Group> {
  for (const { key, values } of mergeRuns(files)) {
    counters.keysReduced++;
    yield { key, values: [job.reduce(key, values)] };
  }
}
