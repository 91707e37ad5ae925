/** A job in the coordinator's queue. Plain data, changed by the functions here. */
import type { Attempt } from "./attempts";
import { stepsOf } from "./lineage";
import type { Need } from "./lineage";
import type { PlanStep } from "./messages";
import type { SavedJob } from "./saved-state";

export interface Job extends SavedJob {
  /** Jobs are numbered as they come. */
  readonly number: number;
  readonly steps: ReadonlyMap<number, PlanStep>;
  /** Wanted partitions that have not been handed over. */
  readonly open: Set<number>;
  readonly failures: Map<string, number>;
  /** Since when a task could run, by its key. */
  readonly readySinceMs: Map<string, number>;
  /** What is missing; undefined: to be found again. */
  needs: Map<string, Need> | undefined;
}

export function makeJob(job: Pick<Job, "plan" | "requestId" | "client" | "number" | "open">): Job {
  const maps = { failures: new Map<string, number>(), readySinceMs: new Map<string, number>() };
  return { ...job, ...maps, steps: stepsOf(job.plan), needs: undefined };
}

/** All that is missing for the job. */
export function setNeeds(job: Job, needs: readonly Need[], nowMs: number): void {
  job.needs = new Map(needs.map((need) => [need.key, need]));
  for (const { key, isReady } of needs) {
    if (!isReady) job.readySinceMs.delete(key);
    else if (!job.readySinceMs.has(key)) job.readySinceMs.set(key, nowMs);
  }
}

/** What else is missing is as it was: of the same stage, with more of it to come. */
export function isPlain({ needs }: Job, { key, task }: Attempt): boolean {
  let isMore = task.kind === "result";
  for (const need of needs?.values() ?? []) {
    if (need.kind === "result") continue;
    if (task.kind === "result" || need.of !== task.of) return false;
    if (need.key !== key) isMore = true;
  }
  return isMore;
}
