/**
 * The coordinator ("master") of a MapReduce job: who does which task, and what is done again when
 * a worker dies, a record breaks user code, or a straggler holds everybody up.
 *
 * Source: J. Dean and S. Ghemawat, OSDI 2004, sections 3.1 to 3.6, 4.6, 4.9. Ours differs: map
 * outputs are fetched when all maps are done; slow tasks get backups early, see `backupFactor`; and
 * where the paper gives the job up when the master fails (3.3), ours goes on, see `saved-state.ts`.
 * Assumes: workers and coordinator crash, its disk survives; messages are lost or repeated.
 * Guarantees: each task's result is taken once, and not forgotten once it is noted; the job ends
 * while a worker and, in the end, the coordinator live, or fails with the reason.
 * Cost: 3 messages and 2 saves a task, a heartbeat a worker every `heartbeatMs`; O(1) a message.
 */
import type { Event, Host, Node, NodeId } from "../../../protocol";
import { firstAttemptId, lifeAfter, savedWorkers, workerKey } from "../../coordinator-lives";
import type { Saved } from "../../coordinator-lives";
import type { RunningAttempt } from "../../task-worker";
import { tooManyBadRecords } from "../bad-records";
import type { OutputRef, Task } from "../tasks";
import { nextBackups } from "./backups";
import type { Durations } from "./backups";
import { addIdle, makeIdleTasks, nearness, nextIdle } from "./idle-tasks";
import type { IdleTasks } from "./idle-tasks";
import type { ControlMessage, EndedAnswer, JobOutcome } from "./messages";
import { defaults } from "./options";
import type { CoordinatorOptions } from "./options";
import { restoreTasks, savedTask } from "./saved-state";
import * as book from "./task-table";
import type { Attempt, TaskEntry, TaskTable } from "./task-table";

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
  private nextAttemptId = firstAttemptId(0);
  private badRecords = 0;
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
    if (event.kind === "start") this.start(event.saved, host);
    if (event.kind === "timer") this.check(host);
    if (event.kind === "message") this.hear(event.from, event.message, host);
    if (!this.isOver && book.isJobDone(this.table)) this.end(host);
  }

  private start(saved: Saved, host: ControlHost): void {
    host.setTimer("check", this.options.checkMs);
    const life = lifeAfter(saved);
    host.save("life", life);
    if (life > 0) this.resume(saved, life, host);
  }

  /** Workers tell what they do with their next heartbeat, and what they have done until noted. */
  protected resume(saved: Saved, life: number, host: ControlHost): void {
    this.nextAttemptId = firstAttemptId(life);
    restoreTasks(this.table, saved, host.nowMs);
    for (const [id, incarnation] of savedWorkers(saved)) this.restoreWorker(id, incarnation, host);
    for (const { attemptId, worker } of this.table.attempts.values()) {
      this.workers.get(worker)?.running.push(attemptId);
    }
    const { tasks } = this.table;
    for (const task of tasks) {
      this.badRecords += Object.keys(task.recordFailures).length;
      if (task.state === "done") this.addDuration(task);
    }
    const done = tasks.filter(({ state }) => state === "done").map(({ taskId }) => taskId);
    host.note("coordinatorResumed", { life, done });
  }

  /** Alive until its lease ends: one that died meanwhile is found out so. */
  protected restoreWorker(id: NodeId, incarnation: number, host: ControlHost): void {
    this.workers.set(id, { heardMs: host.nowMs, incarnation, running: [] });
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
    if (!this.workers.has(from)) {
      host.note("workerJoined", from);
      host.save(workerKey(from), incarnation);
    }
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
        this.save(this.drop(attempt), host);
      }
    }
  }

  /** What is saved before `noted` is sent is durable before the worker forgets it. */
  protected hearEnded(from: NodeId, answer: EndedAnswer, host: ControlHost): void {
    const attempt = this.table.attempts.get(answer.attemptId);
    this.free(from, answer.attemptId);
    if (attempt === undefined) this.hearLate(from, answer, host);
    else if (answer.type === "executed") {
      const task = this.table.tasks[attempt.taskId] as TaskEntry;
      this.complete(task, attempt, answer, host);
    } else this.fail(this.drop(attempt), attempt, answer, host);
    host.send(from, { type: "noted", attemptId: answer.attemptId });
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
    const lastedMs = host.nowMs - attempt.startedMs;
    // The worker of a beaten attempt stays busy until it answers.
    book.completeTask(this.table, task, { outputs, counters, lastedMs, doneBy: attempt.worker });
    this.addDuration(task);
    this.save(task, host);
    if (attempt.isBackup) host.note("backupWon", task.taskId);
    host.note("taskDone", this.told(attempt));
  }

  private addDuration({ kind, lastedMs }: TaskEntry): void {
    this.durations[kind].count++;
    this.durations[kind].sumMs += lastedMs;
  }

  /** To be called whenever a task has changed: a restarted coordinator knows no more than that. */
  protected save(task: TaskEntry, host: ControlHost): void {
    host.save(`task/${task.taskId}`, savedTask(task));
  }

  private fail(
    task: TaskEntry,
    attempt: Attempt,
    answer: EndedAnswer & { type: "failed" },
    host: ControlHost,
  ): void {
    host.note("attemptFailed", { ...this.told(attempt), reason: answer.reason });
    const { reason, isFinal, lostOutputs, recordsAt = [] } = answer;
    const { maxBadRecords, maxFailures, skipAfter } = this.options;
    if (lostOutputs === undefined) task.failures++;
    for (const at of recordsAt) {
      if (task.recordFailures[at] === undefined) this.badRecords++;
      task.recordFailures[at] = (task.recordFailures[at] ?? 0) + 1;
    }
    const isSkippable = recordsAt.some((at) => (task.recordFailures[at] ?? 0) >= skipAfter);
    if (isSkippable) task.failures = 0;
    this.save(task, host);
    if (lostOutputs !== undefined) return this.redoMaps(lostOutputs, host);
    if (isFinal) this.end(host, { reason, isFinal });
    else if (this.badRecords > maxBadRecords) {
      this.end(host, { reason: tooManyBadRecords(maxBadRecords, reason), isFinal: true });
    } else if (task.failures >= maxFailures) this.end(host, { reason });
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
    this.save(task, host);
    host.note("taskRedone", task.taskId);
  }

  protected loseWorker(id: NodeId, host: ControlHost): void {
    if (!this.workers.delete(id)) return;
    this.idleWorkers.delete(id);
    host.note("workerLost", id);
    host.save(workerKey(id), undefined);
    for (const attempt of [...this.table.attempts.values()]) {
      if (attempt.worker === id) this.save(this.drop(attempt), host);
    }
    for (const task of this.table.tasks) {
      if (task.state !== "done" || task.doneBy !== id) continue;
      if (this.options[`${task.kind}Outputs`] === "worker") this.reopen(task, host);
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
    this.save(task, host);
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

  private end(host: ControlHost, why: Pick<JobOutcome, "reason" | "isFinal"> = {}): void {
    this.isOver = true;
    host.cancelTimer("check");
    const { tasks } = this.table;
    const isWanted = (task: TaskEntry): boolean =>
      task.kind === "reduce" || this.options.plan.partitions === 0;
    const outputs = tasks.filter(isWanted).flatMap((task) => task.outputs);
    const outcome: JobOutcome = { outputs, counters: book.totalCounters(tasks), ...why };
    host.note(why.reason === undefined ? "jobDone" : "jobFailed", outcome);
  }

  /** An attempt as notes tell it. */
  private told({ attemptId, taskId, worker, isBackup }: Attempt): object {
    const { kind, split } = this.table.tasks[taskId] as TaskEntry;
    const near = nearness(this.idle, split?.replicas, worker);
    return { attemptId, taskId, kind, worker, isBackup, ...(near && { nearness: near }) };
  }
}
