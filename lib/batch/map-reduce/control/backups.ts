/**
 * Which running tasks deserve a backup on an idle worker: near the end all of them, the oldest
 * first, and before that those that run suspiciously long.
 *
 * Source: Dean and Ghemawat 2004, section 3.6: "when a MapReduce operation is close to completion,
 * the master schedules backup executions of the remaining in-progress tasks". The second rule is
 * ours: on few workers the end is most of the job.
 */
import type { Phase, TaskEntry, TaskTable } from "./task-table";

/** Of the tasks that are done. */
export type Durations = Readonly<Record<Phase, { count: number; sumMs: number }>>;

export interface BackupRule {
  readonly backupFactor: number;
  readonly backupShare: number;
  readonly nowMs: number;
}

/** Tasks with one attempt in work and no idle task of their phase left, the oldest first. */
export function nextBackups(table: TaskTable, durations: Durations, rule: BackupRule): TaskEntry[] {
  const { backupFactor, backupShare, nowMs } = rule;
  const limits = { map: Infinity, reduce: Infinity };
  for (const kind of ["map", "reduce"] as const) {
    const { count, sumMs } = durations[kind];
    if (count > 0) limits[kind] = (backupFactor * sumMs) / count;
    if (table.open[kind] <= backupShare * table.total[kind]) limits[kind] = 0;
  }
  const backups: TaskEntry[] = [];
  const least = Math.min(limits.map, limits.reduce);
  for (const { taskId, startedMs } of table.attempts.values()) {
    if (nowMs - startedMs <= least) break; // the others are younger still
    const task = table.tasks[taskId] as TaskEntry;
    // While a lost map is made again, a backup of a reduce would miss its output.
    const isReady = task.kind === "map" || table.open.map === 0;
    const isAlone = task.attempts.length === 1;
    if (isReady && isAlone && nowMs - startedMs > limits[task.kind]) backups.push(task);
  }
  return backups;
}
