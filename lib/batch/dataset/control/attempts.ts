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

export class Attempts {
  private nextId = 1;
  private readonly byId = new Map<number, Attempt>();
  /** Attempts that keep a worker busy, also those that no longer count. */
  private readonly busy = new Map<NodeId, Set<number>>();
  /** Of tasks that are done: by shuffle or job, since tasks of one stage are alike. */
  private readonly durations = new Map<string, { count: number; sumMs: number }>();

  begin(
    task: DatasetTask,
    { worker, isBackup, sinceMs }: Pick<Attempt, "worker" | "isBackup" | "sinceMs">,
  ): Attempt {
    const attemptId = this.nextId++;
    const key = taskKey(task.kind, task.of, task.partition);
    const attempt = { attemptId, key, task, worker, sinceMs, isBackup };
    this.byId.set(attemptId, attempt);
    this.busyOf(worker).add(attemptId);
    return attempt;
  }

  /** Its answer, should it still come, is ignored. */
  end(attemptId: number): Attempt | undefined {
    const attempt = this.byId.get(attemptId);
    this.byId.delete(attemptId);
    return attempt;
  }

  endAll(): void {
    this.byId.clear();
  }

  /** The task is done: no other attempt at it counts. */
  beat({ key, task, sinceMs }: Attempt, nowMs: number): void {
    for (const [id, attempt] of this.byId) if (attempt.key === key) this.byId.delete(id);
    const stage = `${task.kind} ${task.of}`;
    const { count, sumMs } = this.durations.get(stage) ?? { count: 0, sumMs: 0 };
    this.durations.set(stage, { count: count + 1, sumMs: sumMs + nowMs - sinceMs });
  }

  of(worker: NodeId): Attempt[] {
    return [...this.byId.values()].filter((attempt) => attempt.worker === worker);
  }

  hasTask(key: string): boolean {
    for (const attempt of this.byId.values()) if (attempt.key === key) return true;
    return false;
  }

  isBusy(worker: NodeId): boolean {
    return this.busyOf(worker).size > 0;
  }

  free(worker: NodeId, attemptId: number): void {
    this.busyOf(worker).delete(attemptId);
  }

  freeAll(worker: NodeId): void {
    this.busy.delete(worker);
  }

  /** A worker is busy with what it says, and with what counts and may not have reached it. */
  keepBusy(worker: NodeId, running: ReadonlySet<number>): void {
    const counting = this.of(worker).map(({ attemptId }) => attemptId);
    this.busy.set(worker, new Set([...running, ...counting]));
  }

  /** The oldest attempt on another worker that has run too long and has no backup. */
  straggler(rule: { backupFactor: number; nowMs: number; worker: NodeId }): Attempt | undefined {
    if (rule.backupFactor === 0) return undefined;
    for (const attempt of this.byId.values()) {
      const { key, task, worker, sinceMs } = attempt;
      const done = this.durations.get(`${task.kind} ${task.of}`);
      if (worker === rule.worker || done === undefined) continue;
      const limitMs = Math.max(leastBackupMs, (rule.backupFactor * done.sumMs) / done.count);
      const twins = [...this.byId.values()].filter((other) => other.key === key).length;
      if (twins === 1 && rule.nowMs - sinceMs > limitMs) return attempt;
    }
    return undefined;
  }

  private busyOf(worker: NodeId): Set<number> {
    const found = this.busy.get(worker);
    if (found !== undefined) return found;
    const made = new Set<number>();
    this.busy.set(worker, made);
    return made;
  }
}
