/**
 * The coordinator's book: every task with its attempts. Plain data, changed by the functions here.
 */
import type { NodeId } from "../../../protocol";
import type { Counters, OutputRef, Split } from "../tasks";
import type { Plan } from "./messages";

export interface Attempt {
  readonly attemptId: number;
  readonly taskId: number;
  readonly worker: NodeId;
  readonly startedMs: number;
  readonly isBackup: boolean;
  fraction: number;
}

export type Phase = "map" | "reduce";

export interface TaskEntry {
  readonly taskId: number;
  readonly kind: Phase;
  /** Of a map task. */
  readonly split?: Split;
  /** Of a reduce task. */
  readonly partition?: number;
  state: "open" | "done";
  /** In work now: one, or two with a backup. */
  attempts: Attempt[];
  failures: number;
  /** How often user code failed on the record at that byte. */
  recordFailures: Record<string, number>;
  outputs: readonly OutputRef[];
  /** Of the attempt that counts; a task that is done again has the old ones until it is done. */
  counters: Counters;
  doneBy?: NodeId;
  /** Of the attempt that counts, from its assignment to its answer. */
  lastedMs: number;
}

export interface TaskTable {
  readonly tasks: TaskEntry[];
  /** Tasks in all, by phase. */
  readonly total: Readonly<Record<Phase, number>>;
  /** Tasks that are not done, by phase. */
  readonly open: Record<Phase, number>;
  /** All in work, the oldest first. */
  readonly attempts: Map<number, Attempt>;
  /** Map outputs by partition, gathered when the first reduce task wants them. */
  inputs: OutputRef[][] | undefined;
}

export function makeTable(plan: Plan): TaskTable {
  const total = { map: plan.splits.length, reduce: plan.partitions };
  const tasks = makeTasks(plan);
  return { tasks, total, open: { ...total }, attempts: new Map(), inputs: undefined };
}

function makeTasks(plan: Plan): TaskEntry[] {
  const blank = { state: "open", failures: 0, outputs: [], counters: {}, lastedMs: 0 } as const;
  const maps = plan.splits.map((split, taskId): TaskEntry => {
    return { ...blank, taskId, kind: "map", split, attempts: [], recordFailures: {} };
  });
  const reduces = Array.from({ length: plan.partitions }, (_, partition): TaskEntry => {
    const taskId = plan.splits.length + partition;
    return { ...blank, taskId, kind: "reduce", partition, attempts: [], recordFailures: {} };
  });
  return [...maps, ...reduces];
}

/** Nobody works on it and it is not done. */
export function isIdle({ state, attempts }: TaskEntry): boolean {
  return state === "open" && attempts.length === 0;
}

export function beginAttempt(table: TaskTable, attempt: Attempt): void {
  table.attempts.set(attempt.attemptId, attempt);
  table.tasks[attempt.taskId]?.attempts.push(attempt);
}

/** Forgets an attempt: its answer, should it still come, is ignored. Returns its task. */
export function endAttempt(table: TaskTable, { attemptId, taskId }: Attempt): TaskEntry {
  table.attempts.delete(attemptId);
  const task = table.tasks[taskId] as TaskEntry;
  task.attempts = task.attempts.filter((attempt) => attempt.attemptId !== attemptId);
  return task;
}

/** The task is done; its other attempts no longer count. */
export function completeTask(
  table: TaskTable,
  task: TaskEntry,
  result: Pick<TaskEntry, "outputs" | "counters" | "lastedMs"> & { readonly doneBy: NodeId },
): void {
  for (const attempt of [...task.attempts]) endAttempt(table, attempt);
  Object.assign(task, result, { state: "done" });
  table.open[task.kind]--;
  if (task.kind === "map") table.inputs = undefined;
}

/** A task that was done is to be done again. */
export function reopenTask(table: TaskTable, task: TaskEntry): void {
  Object.assign(task, { state: "open", outputs: [], doneBy: undefined });
  table.open[task.kind]++;
  if (task.kind === "map") table.inputs = undefined;
}

/** Reduce outputs are what is wanted; without reduce tasks, map outputs are. */
export function isJobDone({ open, total }: TaskTable): boolean {
  return open.reduce === 0 && (total.reduce > 0 || open.map === 0);
}

/** The outputs of all map tasks for one partition. */
export function inputsOf(table: TaskTable, partition: number): readonly OutputRef[] {
  if (table.inputs === undefined) {
    const inputs: OutputRef[][] = [];
    for (const { kind, outputs } of table.tasks) {
      if (kind === "map") for (const ref of outputs) (inputs[ref.partition] ??= []).push(ref);
    }
    table.inputs = inputs;
  }
  return table.inputs[partition] ?? [];
}

/** Counters of all tasks, each counted once, however often it ran. Section 4.9. */
export function totalCounters(tasks: readonly TaskEntry[]): Counters {
  const totals: Record<string, number> = {};
  for (const task of tasks) {
    for (const [name, value] of Object.entries(task.counters)) {
      totals[name] = (totals[name] ?? 0) + value;
    }
  }
  return totals;
}
