/**
 * One reduce task: the runs of its partition merged in the order of their map tasks, each key once
 * through `reduce`. Source: Dean and Ghemawat 2004, section 3.1, steps 5 and 6.
 */
import { existsSync, renameSync } from "fs";
import { join } from "path";
import type { Count, Job } from "./job";
import { runName } from "./map-output";
import { mergeRuns, writeRun } from "./run-file";
import type { Group } from "./run-file";
import type { Counters, OutputRef } from "./tasks";
import { UserCounters } from "./user-counters";

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
  /** Roughly how much a task may hold. */
  readonly memoryBytes: number;
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
  const files = inputFiles(task.inputs, settings);
  const counters = { keysReduced: 0 };
  const userCounters = new UserCounters();
  const target = join(settings.jobFolder, settings.worker, answerName(task.partition));
  const bytes = writeRun(
    `${target}.partial`,
    reduced(job, files, { counters, count: userCounters.count }),
  );
  renameSync(`${target}.partial`, target);
  const { partition } = task;
  return {
    outputs: [{ worker: settings.worker, mapTaskId: -1, partition, bytes }],
    counters: { ...userCounters.values, ...counters },
  };
}

/** The runs of a partition in the order of their map tasks; LostOutputs tells those not found. */
export function inputFiles(refs: readonly OutputRef[], settings: ReduceSettings): string[] {
  const inputs = [...refs].sort((left, right) => left.mapTaskId - right.mapTaskId);
  const files = inputs.map((ref) =>
    join(settings.jobFolder, ref.worker, runName(ref.mapTaskId, ref.partition)),
  );
  const lost = inputs.filter((_, index) => !existsSync(files[index] as string));
  if (lost.length > 0) throw new LostOutputs(lost);
  return files;
}

function* reduced(
  job: Job,
  files: readonly string[],
  { counters, count }: { counters: { keysReduced: number }; count: Count },
): Generator<Group> {
  for (const { key, values } of mergeRuns(files)) {
    counters.keysReduced++;
    yield { key, values: [job.reduce(key, values, count)] };
  }
}
