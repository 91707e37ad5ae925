/** The coordinator's book of what is in work, and where. Plain data. */
import type { NodeId } from "../../../protocol";
import { taskKey } from "./lineage";
import type { DatasetTask } from "./messages";

export interface Attempt {
  readonly attemptId: number;
  /** Of the task. */
  readonly key: string;
  readonly task: DatasetTask;
  readonly worker: NodeId;
  readonly sinceMs: number;
  readonly isBackup: boolean;
}

/** A backup is not worth it for less. */
const leastBackupMs = 200;

export interface Attempts {
  nextId: number;
  readonly byId: Map<number, Attempt>;
  /** Attempts that keep a worker busy, also those that no longer count. */
  readonly busy: Map<NodeId, Set<number>>;
  /** Of tasks that are done: by shuffle or job, since tasks of one stage are alike. */
  readonly durations: Map<string, { readonly count: number; readonly sumMs: number }>;
}

export function makeAttempts(): Attempts {
  return { nextId: 1, byId: new Map(), busy: new Map(), durations: new Map() };
}

export function begin(
  attempts: Attempts,
  task: DatasetTask,
  place: Pick<Attempt, "worker" | "isBackup" | "sinceMs">,
): Attempt {
  const attemptId = attempts.nextId++;
  const key = taskKey(task.kind, task.of, task.partition);
  const attempt = { attemptId, key, task, ...place };
  attempts.byId.set(attemptId, attempt);
  busyOf(attempts, place.worker).add(attemptId);
  return attempt;
}

/** One that an earlier coordinator began. */
export function restore(attempts: Attempts, attempt: Attempt): void {
  attempts.byId.set(attempt.attemptId, attempt);
  busyOf(attempts, attempt.worker).add(attempt.attemptId);
}

/** Its answer, should it still come, is ignored. */
export function end({ byId }: Attempts, attemptId: number): Attempt | undefined {
  const attempt = byId.get(attemptId);
  byId.delete(attemptId);
  return attempt;
}

/** The task is done: no other attempt at it counts. */
export function beat({ byId, durations }: Attempts, done: Attempt, nowMs: number): void {
  const { key, task, sinceMs } = done;
  for (const [id, attempt] of byId) if (attempt.key === key) byId.delete(id);
  const stage = `${task.kind} ${task.of}`;
  const { count, sumMs } = durations.get(stage) ?? { count: 0, sumMs: 0 };
  durations.set(stage, { count: count + 1, sumMs: sumMs + nowMs - sinceMs });
}

/** Attempts of a worker that count. */
export function attemptsOf({ byId }: Attempts, worker: NodeId): Attempt[] {
  return [...byId.values()].filter((attempt) => attempt.worker === worker);
}

export function isInWork({ byId }: Attempts, key: string): boolean {
  for (const attempt of byId.values()) if (attempt.key === key) return true;
  return false;
}

export function isBusy(attempts: Attempts, worker: NodeId): boolean {
  return busyOf(attempts, worker).size > 0;
}

export function free(attempts: Attempts, worker: NodeId, attemptId: number): void {
  busyOf(attempts, worker).delete(attemptId);
}

/** A worker is busy with what it says, and with what counts and may not have reached it. */
export function keepBusy(attempts: Attempts, worker: NodeId, running: ReadonlySet<number>): void {
  const counting = attemptsOf(attempts, worker).map(({ attemptId }) => attemptId);
  attempts.busy.set(worker, new Set([...running, ...counting]));
}

/** The oldest attempt on another worker that has run too long and has no backup. */
export function straggler(
  { byId, durations }: Attempts,
  rule: { backupFactor: number; nowMs: number; worker: NodeId },
): Attempt | undefined {
  if (rule.backupFactor === 0) return undefined;
  for (const attempt of byId.values()) {
    const { key, task, worker, sinceMs } = attempt;
    const done = durations.get(`${task.kind} ${task.of}`);
    if (worker === rule.worker || done === undefined) continue;
    const limitMs = Math.max(leastBackupMs, (rule.backupFactor * done.sumMs) / done.count);
    const twins = [...byId.values()].filter((other) => other.key === key).length;
    if (twins === 1 && rule.nowMs - sinceMs > limitMs) return attempt;
  }
  return undefined;
}

function busyOf({ busy }: Attempts, worker: NodeId): Set<number> {
  const found = busy.get(worker);
  if (found !== undefined) return found;
  const made = new Set<number>();
  busy.set(worker, made);
  return made;
}

/** An attempt as notes tell it. */
export function told({ attemptId, key, worker, isBackup, task }: Attempt): object {
  const { kind, of, step, partition } = task;
  return { attemptId, key, worker, isBackup, kind, of, step, partition };
}
