/**
 * What a coordinator saves, so that the one that is started in its place goes on: `task/<taskId>`,
 * written when the task begins, ends or fails; the rest in `coordinator-lives.ts`.
 *
 * Source: Dean and Ghemawat 2004, section 3.3: "It is easy to make the master write periodic
 * checkpoints". Ours writes each change under a key of its own, so that nothing that was answered
 * is forgotten, and the cost grows with the tasks, not with the tasks times the checkpoints.
 * Cost: 2 saves a task that goes well; 8 to 12 bytes a partition of a map task.
 */
import { assert } from "../../../basics";
import type { NodeId } from "../../../protocol";
import type { Saved } from "../../coordinator-lives";
import type { Counters, OutputRef } from "../tasks";
import { beginAttempt, completeTask } from "./task-table";
import type { TaskEntry, TaskTable } from "./task-table";

interface SavedAttempt {
  readonly attemptId: number;
  readonly worker: NodeId;
  readonly isBackup: boolean;
}

/** A field that is absent is empty, 0 or never was. */
export interface SavedTask {
  readonly attempts?: readonly SavedAttempt[];
  readonly failures?: number;
  readonly recordFailures?: Readonly<Record<string, number>>;
  /** Those of a task that is to be done again are kept until it is done. */
  readonly counters?: Counters;
  readonly done?: SavedResult;
}

interface SavedResult {
  readonly by: NodeId;
  readonly ms: number;
  /** Where all outputs lie, and of which map task they are; absent without outputs. */
  readonly at?: NodeId;
  readonly mapTaskId?: number;
  /** By output: its partition, its bytes. */
  readonly sizes: readonly (readonly [partition: number, bytes: number])[];
}

export function savedTask(task: TaskEntry): SavedTask {
  const { attempts, failures, recordFailures, counters } = task;
  return {
    ...(attempts.length > 0 && {
      attempts: attempts.map(({ attemptId, worker, isBackup }) => ({
        attemptId,
        worker,
        isBackup,
      })),
    }),
    ...(failures > 0 && { failures }),
    ...(Object.keys(recordFailures).length > 0 && { recordFailures: { ...recordFailures } }),
    ...(Object.keys(counters).length > 0 && { counters }),
    ...(task.state === "done" && { done: savedResult(task) }),
  };
}

function savedResult({ outputs, doneBy = "", lastedMs }: TaskEntry): SavedResult {
  const sizes = outputs.map(({ partition, bytes }) => [partition, bytes] as const);
  const [first] = outputs;
  if (first === undefined) return { by: doneBy, ms: lastedMs, sizes };
  const { worker: at, mapTaskId } = first;
  const isOne = outputs.every((ref) => ref.worker === at && ref.mapTaskId === mapTaskId);
  assert(isOne, "the outputs of an attempt lie on one machine", { outputs });
  return { by: doneBy, ms: lastedMs, at, mapTaskId, sizes };
}

/** Puts what was saved into a new table. Attempts that were in work count from now on. */
export function restoreTasks(table: TaskTable, saved: Saved, nowMs: number): void {
  for (const task of table.tasks) {
    const { attempts, failures, recordFailures, counters, done } = (saved[`task/${task.taskId}`] ??
      {}) as SavedTask;
    task.failures = failures ?? 0;
    task.recordFailures = { ...recordFailures };
    task.counters = counters ?? {};
    for (const attempt of attempts ?? []) {
      beginAttempt(table, { ...attempt, taskId: task.taskId, startedMs: nowMs, fraction: 0 });
    }
    if (done === undefined) continue;
    const result = { counters: task.counters, doneBy: done.by, lastedMs: done.ms };
    completeTask(table, task, { ...result, outputs: outputsOf(done) });
  }
}

/** The outputs of the tasks that are done, by the key under which each task is saved. */
export function* savedOutputs(saved: Saved): Generator<[key: string, outputs: OutputRef[]]> {
  for (const [key, value] of Object.entries(saved)) {
    const { done } = Object(value) as SavedTask;
    if (key.startsWith("task/") && done !== undefined) yield [key, outputsOf(done)];
  }
}

function outputsOf({ at = "", mapTaskId = -1, sizes }: SavedResult): OutputRef[] {
  return sizes.map(([partition, bytes]) => ({ worker: at, mapTaskId, partition, bytes }));
}
