/** The coordinator's book: every task with its attempts. Plain data and pure questions. */
import type { NodeId } from "../../../protocol";
import type { Counters, OutputRef, Split } from "../tasks";
import type { Plan } from "./messages";

export interface Attempt {
  readonly attemptId: number;
  readonly worker: NodeId;
  readonly startedMs: number;
  readonly isBackup: boolean;
  fraction: number;
}

export interface TaskEntry {
  readonly taskId: number;
  readonly kind: "map" | "reduce";
  /** Of a map task. */
  readonly split?: Split;
  /** Of a reduce task. */
  readonly partition?: number;
  state: "open" | "done";
  attempts: Attempt[];
  failures: number;
  /** How often user code failed on the record at that byte. */
  recordFailures: Record<string, number>;
  outputs: readonly OutputRef[];
  counters: Counters;
  doneBy?: NodeId;
}

export function makeTasks(plan: Plan): TaskEntry[] {
  const blank = { state: "open", failures: 0, outputs: [], counters: {} } as const;
  const maps = plan.splits.map((split, taskId): TaskEntry => {
    return { ...blank, taskId, kind: "map", split, attempts: [], recordFailures: {} };
  });
  const reduces = Array.from({ length: plan.partitions }, (_, partition): TaskEntry => {
    const taskId = plan.splits.length + partition;
    return { ...blank, taskId, kind: "reduce", partition, attempts: [], recordFailures: {} };
  });
  return [...maps, ...reduces];
}

export function isPhaseDone(tasks: readonly TaskEntry[], kind: "map" | "reduce"): boolean {
  return tasks.every((task) => task.kind !== kind || task.state === "done");
}

/** The first task that nobody works on and that may start: reduces wait for every map. */
export function nextIdle(tasks: readonly TaskEntry[]): TaskEntry | undefined {
  const isIdle = (task: TaskEntry): boolean => task.state === "open" && task.attempts.length === 0;
  const map = tasks.find((task) => task.kind === "map" && isIdle(task));
  if (map !== undefined || !isPhaseDone(tasks, "map")) return map;
  return tasks.find((task) => task.kind === "reduce" && isIdle(task));
}

/**
 * The running task that a backup would help most: the one that has run longest, in a phase with no
 * idle task left, with one attempt, on another worker. Dean and Ghemawat 2004, section 3.6.
 */
export function nextBackup(tasks: readonly TaskEntry[], worker: NodeId): TaskEntry | undefined {
  const candidates = tasks.filter(({ state, attempts }) => {
    return state === "open" && attempts.length === 1 && attempts[0]?.worker !== worker;
  });
  return candidates.reduce<TaskEntry | undefined>((oldest, task) => {
    const started = (entry: TaskEntry): number => entry.attempts[0]?.startedMs ?? Infinity;
    return oldest === undefined || started(task) < started(oldest) ? task : oldest;
  }, undefined);
}

/** The outputs of all map tasks for one partition. */
export function inputsOf(tasks: readonly TaskEntry[], partition: number): OutputRef[] {
  return tasks
    .filter((task) => task.kind === "map")
    .flatMap((task) => task.outputs.filter((output) => output.partition === partition));
}

/** Counters of all tasks that are done, each counted once. Section 4.9. */
export function totalCounters(tasks: readonly TaskEntry[]): Counters {
  const totals: Record<string, number> = {};
  for (const task of tasks) {
    for (const [name, value] of Object.entries(task.counters)) {
      totals[name] = (totals[name] ?? 0) + value;
    }
  }
  return totals;
}
