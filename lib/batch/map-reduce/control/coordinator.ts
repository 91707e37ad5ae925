/**
 * The coordinator ("master") of a MapReduce job: who does which task, and what is done again when
 * a worker dies, a record breaks user code, or a straggler holds everybody up.
 *
 * Source: J. Dean and S. Ghemawat, "MapReduce: Simplified Data Processing on Large Clusters",
 * OSDI 2004, sections 3.1 to 3.6, 4.6, 4.9. Ours differs: map outputs are fetched when all maps are
 * done; a task that is slow gets a backup before the job is near its end, see `backupFactor`.
 * Assumes: workers crash and messages are lost or repeated; the coordinator does not fail (3.3).
 * Guarantees: each task's result is taken once; the job ends while one worker lives, or fails with
 * the reason when a task has failed `maxFailures` times.
 * Cost: 3 messages a task and one heartbeat a worker every `heartbeatMs`; O(1) a message.
 */
import type { Event, Host, Node, NodeId } from "../../../protocol";
import type { RunningAttempt } from "../../task-worker";
import type { OutputRef, Task } from "../tasks";
import { nextBackups } from "./backups";
import type { Durations } from "./backups";
import { addIdle, makeIdleTasks, nearness, nextIdle } from "./idle-tasks";
import type { IdleTasks } from "./idle-tasks";
import type { ControlMessage, EndedAnswer, JobOutcome, Plan } from "./messages";
import * as book from "./task-table";
import type { Attempt, TaskEntry, TaskTable } from "./task-table";

export interface CoordinatorOptions {
  readonly plan: Plan;
  /** How often leases and stragglers are looked at, in ms; default 500. */
  readonly checkMs: number;
  /** A worker silent for so long is dead; rule of thumb: 5 to 10 heartbeats. Default 5,000. */
  readonly leaseMs: number;
  /** Failures of one task that fail the job; default 4, as in Hadoop. */
  readonly maxFailures: number;
  /** Failures on one record before it is skipped; default 2 (section 4.6: "more than one"). */
  readonly skipAfter: number;
  /** A task that has run this many times the mean gets a backup; 0: no backups. Default 1.5. */
  readonly backupFactor: number;
  /** When at most this share of a phase is open, all that runs gets a backup (3.6). Default 0. */
  readonly backupShare: number;
  /**
   * Where reduce outputs lie: on their worker's disk, and lost with it, or in a file system that
   * all share, as in the paper. Default "worker".
   */
  readonly reduceOutputs: "worker" | "shared";
}

const defaults = {
  checkMs: 500,
  leaseMs: 5_000,
  maxFailures: 4,
  skipAfter: 2,
  backupFactor: 1.5,
  backupShare: 0,
  reduceOutputs: "worker",
} as const;

export type CoordinatorTimer = "check";
export type ControlHost = Host<ControlMessage, CoordinatorTimer>;

interface WorkerEntry {
  heardMs: number;
  readonly incarnation: number;
  /** Attempts that keep it busy, also those that no longer count. */
  running: number[];
}

export class Coordinator implements Node<ControlMessage, CoordinatorTimer> {
  protected readonly options: CoordinatorOptions;
  protected readonly table: TaskTable;
  private readonly idle: IdleTasks;
  private readonly workers = new Map<NodeId, WorkerEntry>();
  private readonly idleWorkers = new Set<NodeId>();
  private nextAttemptId = 1;
  private isOver = false;
  /** Of tasks that are done; their mean tells who is a straggler. */
  private readonly durations: Durations = {
    map: { count: 0, sumMs: 0 },
    reduce: { count: 0, sumMs: 0 },
  };

  constructor(
    readonly id: NodeId,
    _peers: readonly NodeId[],
    options: Partial<CoordinatorOptions> = {},
  ) {
    this.options = { plan: { splits: [], partitions: 0 }, ...defaults, ...options };
    this.table = book.makeTable(this.options.plan);
    this.idle = makeIdleTasks(this.options.plan, this.table.tasks);
  }

  handle(event: Event<ControlMessage, CoordinatorTimer>, host: ControlHost): void {
    if (this.isOver) return;
    if (event.kind === "start") host.setTimer("check", this.options.checkMs);
    if (event.kind === "timer") this.check(host);
    if (event.kind === "message") this.hear(event.from, event.message, host);
    if (!this.isOver && book.isJobDone(this.table)) this.end(host);
  }

  private hear(from: NodeId, message: ControlMessage, host: ControlHost): void {
    switch (message.type) {
      case "heartbeat":
        this.hearHeartbeat(from, message, host);
        break;
      case "ended":
        this.hearEnded(from, message.answer, host);
        break;
      case "workerLost":
        this.loseWorker(message.worker, host);
        break;
    }
    if (!this.isOver) this.assignIdle(host);
  }

  private hearHeartbeat(
    from: NodeId,
    { running, incarnation }: ControlMessage & { type: "heartbeat" },
    host: ControlHost,
  ): void {
    // A worker that came back has forgotten its tasks, and its disk may be gone.
    if (this.workers.has(from) && this.workers.get(from)?.incarnation !== incarnation) {
      this.loseWorker(from, host);
    }
    if (!this.workers.has(from)) host.note("workerJoined", from);
    const worker = this.workers.get(from) ?? { heardMs: 0, incarnation, running: [] };
    worker.heardMs = host.nowMs;
    this.workers.set(from, worker);
    for (const { attemptId, fraction } of running) {
      const attempt = this.table.attempts.get(attemptId);
      if (attempt !== undefined) attempt.fraction = fraction;
      if (!worker.running.includes(attemptId)) worker.running.push(attemptId);
    }
    this.noticeLostAssignments(from, running, host);
    this.noteIdle(from);
  }

  /** An assignment that the worker does not know a lease later was lost on the way. */
  protected noticeLostAssignments(
    from: NodeId,
    running: readonly RunningAttempt[],
    host: ControlHost,
  ): void {
    const known = new Set(running.map(({ attemptId }) => attemptId));
    for (const attemptId of this.workers.get(from)?.running ?? []) {
      const attempt = this.table.attempts.get(attemptId);
      if (known.has(attemptId)) continue;
      if (attempt === undefined) this.free(from, attemptId);
      else if (host.nowMs - attempt.startedMs > this.options.leaseMs) {
        host.note("attemptForgotten", this.told(attempt));
        this.drop(attempt);
      }
    }
  }

  private hearEnded(from: NodeId, answer: EndedAnswer, host: ControlHost): void {
    host.send(from, { type: "noted", attemptId: answer.attemptId });
    const attempt = this.table.attempts.get(answer.attemptId);
    this.free(from, answer.attemptId);
    if (attempt === undefined) return this.hearLate(from, answer, host);
    if (answer.type === "executed") {
      const task = this.table.tasks[attempt.taskId] as TaskEntry;
      this.complete(task, attempt, answer, host);
    } else this.fail(this.drop(attempt), attempt, answer, host);
  }

  /** Of an attempt that no longer counts: its task is done, or its worker was taken for dead. */
  protected hearLate(_from: NodeId, answer: EndedAnswer, host: ControlHost): void {
    host.note("lateAnswerIgnored", answer.attemptId);
  }

  protected complete(
    task: TaskEntry,
    attempt: Attempt,
    answer: EndedAnswer & { type: "executed" },
    host: ControlHost,
  ): void {
    const { outputs, counters } = answer;
    // The worker of a beaten attempt stays busy until it answers.
    book.completeTask(this.table, task, { outputs, counters, doneBy: attempt.worker });
    const durations = this.durations[task.kind];
    durations.count++;
    durations.sumMs += host.nowMs - attempt.startedMs;
    if (attempt.isBackup) host.note("backupWon", task.taskId);
    host.note("taskDone", this.told(attempt));
  }

  private fail(
    task: TaskEntry,
    attempt: Attempt,
    answer: EndedAnswer & { type: "failed" },
    host: ControlHost,
  ): void {
    host.note("attemptFailed", { ...this.told(attempt), reason: answer.reason });
    if (answer.lostOutputs) return this.redoMaps(answer.lostOutputs, host);
    task.failures++;
    const at = answer.recordAt;
    if (at !== undefined) task.recordFailures[at] = (task.recordFailures[at] ?? 0) + 1;
    const isSkippable =
      at !== undefined && (task.recordFailures[at] ?? 0) >= this.options.skipAfter;
    if (isSkippable) task.failures = 0;
    if (task.failures >= this.options.maxFailures) this.end(host, `${answer.reason}`);
  }

  /**
   * "Completed map tasks are re-executed on a failure because their output is inaccessible." 3.3
   */
  private redoMaps(lost: readonly OutputRef[], host: ControlHost): void {
    for (const { mapTaskId, worker } of lost) {
      const task = this.table.tasks[mapTaskId];
      if (task?.state === "done" && task.doneBy === worker) this.reopen(task, host);
    }
  }

  protected reopen(task: TaskEntry, host: ControlHost): void {
    book.reopenTask(this.table, task);
    addIdle(this.idle, task);
    host.note("taskRedone", task.taskId);
  }

  protected loseWorker(id: NodeId, host: ControlHost): void {
    if (!this.workers.delete(id)) return;
    this.idleWorkers.delete(id);
    host.note("workerLost", id);
    for (const attempt of [...this.table.attempts.values()]) {
      if (attempt.worker === id) this.drop(attempt);
    }
    for (const task of this.table.tasks) {
      const isOnDisk = task.kind === "map" || this.options.reduceOutputs === "worker";
      if (task.state === "done" && task.doneBy === id && isOnDisk) this.reopen(task, host);
    }
  }

  private check(host: ControlHost): void {
    host.setTimer("check", this.options.checkMs);
    for (const [id, { heardMs }] of [...this.workers]) {
      if (host.nowMs - heardMs > this.options.leaseMs) this.loseWorker(id, host);
    }
    this.assignIdle(host);
    this.assignBackups(host);
  }

  private assignIdle(host: ControlHost): void {
    for (const worker of this.idleWorkers) {
      const task = this.nextTask(worker);
      if (task === undefined) return;
      this.assign(task, { worker, isBackup: false }, host);
    }
  }

  protected nextTask(worker: NodeId): TaskEntry | undefined {
    return nextIdle(this.idle, this.table, worker);
  }

  private assignBackups(host: ControlHost): void {
    if (this.idleWorkers.size === 0 || this.options.backupFactor === 0) return;
    for (const task of this.backups(host.nowMs)) {
      const own = task.attempts[0]?.worker;
      const worker = [...this.idleWorkers].find((id) => id !== own);
      if (worker === undefined) return;
      this.assign(task, { worker, isBackup: true }, host);
    }
  }

  private backups(nowMs: number): TaskEntry[] {
    return nextBackups(this.table, this.durations, { ...this.options, nowMs });
  }

  private assign(
    task: TaskEntry,
    { worker, isBackup }: { worker: NodeId; isBackup: boolean },
    host: ControlHost,
  ): void {
    const attemptId = this.nextAttemptId++;
    const { taskId } = task;
    const startedMs = host.nowMs;
    const attempt = { attemptId, taskId, worker, startedMs, isBackup, fraction: 0 };
    book.beginAttempt(this.table, attempt);
    this.workers.get(worker)?.running.push(attemptId);
    this.idleWorkers.delete(worker);
    host.note(isBackup ? "backupStarted" : "attemptStarted", this.told(attempt));
    const skipRecordsAt = this.recordsToSkip(task);
    host.send(worker, { type: "assign", attemptId, task: this.toTask(task), skipRecordsAt });
  }

  protected recordsToSkip(task: TaskEntry): number[] {
    return Object.entries(task.recordFailures)
      .filter(([, count]) => count >= this.options.skipAfter)
      .map(([at]) => Number(at));
  }

  private toTask(task: TaskEntry): Task {
    const { taskId, split, partition = 0 } = task;
    if (split !== undefined) return { kind: "map", taskId, split };
    return { kind: "reduce", taskId, partition, inputs: book.inputsOf(this.table, partition) };
  }

  /** Forgets an attempt: its worker is free, and its answer, should it still come, is ignored. */
  private drop(attempt: Attempt): TaskEntry {
    this.free(attempt.worker, attempt.attemptId);
    const task = book.endAttempt(this.table, attempt);
    if (book.isIdle(task)) addIdle(this.idle, task);
    return task;
  }

  private free(from: NodeId, attemptId: number): void {
    const worker = this.workers.get(from);
    if (worker === undefined) return;
    worker.running = worker.running.filter((id) => id !== attemptId);
    this.noteIdle(from);
  }

  private noteIdle(id: NodeId): void {
    if (this.workers.get(id)?.running.length === 0) this.idleWorkers.add(id);
    else this.idleWorkers.delete(id);
  }

  private end(host: ControlHost, reason?: string): void {
    this.isOver = true;
    host.cancelTimer("check");
    const { tasks } = this.table;
    const isWanted = (task: TaskEntry): boolean =>
      task.kind === "reduce" || this.options.plan.partitions === 0;
    const outputs = tasks.filter(isWanted).flatMap((task) => task.outputs);
    const outcome: JobOutcome = { outputs, counters: book.totalCounters(tasks), reason };
    host.note(reason === undefined ? "jobDone" : "jobFailed", outcome);
  }

  /** An attempt as notes tell it. */
  private told({ attemptId, taskId, worker, isBackup }: Attempt): object {
    const { kind, split } = this.table.tasks[taskId] as TaskEntry;
    const near = nearness(this.idle, split?.replicas, worker);
    return { attemptId, taskId, kind, worker, isBackup, ...(near && { nearness: near }) };
  }
}
