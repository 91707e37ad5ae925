/**
 * What the coordinator of data sets saves, so that the one that is started in its place goes on:
 *
 *     life, worker/n1              see `coordinator-lives.ts`
 *     output/3/7                   the worker with the output of partition 7 for shuffle 3; null:
 *                                  it was there, and is lost
 *     cached/2/0                   the same of a partition that is cached
 *     added/1/2/0                  what partition 0 of step 2 added to accumulator 1
 *     job/1, result/9/0            a job that waits or runs; a partition that job 9 has
 *     outcome/9                    of a job that has ended
 *     attempt/17                   a task in work
 *
 * Source: Dean and Ghemawat 2004, section 3.3 (checkpoints of the master); Zaharia et al. 2012 have
 * none: there a driver that dies takes the session with it. Failures are counted anew in each life.
 * Cost: 3 saves a task that goes well, of some 50 bytes; one a job.
 */
import type { NodeId } from "../../../protocol";
import type { Saved } from "../../coordinator-lives";
import type { Attempt } from "./attempts";
import { taskKey } from "./lineage";
import type { DatasetOutcome, DatasetTask, JobPlan } from "./messages";

export interface SavedJob {
  readonly plan: JobPlan;
  readonly requestId: number;
  readonly client: NodeId;
}

export function jobKey(number: number): string {
  return `job/${number}`;
}

export function resultKey(job: number, partition: number): string {
  return `result/${job}/${partition}`;
}

export function outcomeKey(job: number): string {
  return `outcome/${job}`;
}

export function attemptKey(attemptId: number): string {
  return `attempt/${attemptId}`;
}

/** Without its inputs: they are long, and are only asked for when one is lost. */
export function savedAttempt({ task, worker, isBackup }: Attempt): object {
  const { kind, of, step, partition } = task;
  return { kind, of, step, partition, worker, isBackup };
}

/** Values of the keys that begin so, by their number, in its order. */
function numbered<T>(saved: Saved, prefix: string): [number: number, value: T][] {
  const found = Object.entries(saved).filter(([key]) => key.startsWith(prefix));
  const values = found.map(([key, value]): [number, T] => {
    return [Number(key.slice(prefix.length)), value as T];
  });
  return values.sort(([left], [right]) => left - right);
}

export function savedOutcomes(saved: Saved): DatasetOutcome[] {
  return numbered<DatasetOutcome>(saved, "outcome/").map(([, outcome]) => outcome);
}

/** Jobs that have not ended, in the order of their submission, with what they still want. */
export function savedJobs(saved: Saved): (SavedJob & { number: number; open: Set<number> })[] {
  const jobs = numbered<SavedJob>(saved, "job/").map(([number, job]) => {
    const isOpen = (partition: number): boolean => {
      return saved[resultKey(job.plan.job, partition)] === undefined;
    };
    return { ...job, number, open: new Set(job.plan.partitions.filter(isOpen)) };
  });
  return jobs.filter(({ plan }) => saved[outcomeKey(plan.job)] === undefined);
}

/** Attempts count from now on. */
export function savedAttempts(saved: Saved, nowMs: number): Attempt[] {
  type Told = Omit<DatasetTask, "inputs"> & Pick<Attempt, "worker" | "isBackup">;
  return numbered<Told>(saved, "attempt/").map(([attemptId, { worker, isBackup, ...rest }]) => {
    const task: DatasetTask = { ...rest, inputs: [] };
    const key = taskKey(task.kind, task.of, task.partition);
    return { attemptId, key, task, worker, isBackup, sinceMs: nowMs };
  });
}
