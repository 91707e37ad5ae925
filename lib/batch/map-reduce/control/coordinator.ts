/**
 * The coordinator ("master") of a MapReduce job: who does which task, and what is done again when
 * a worker dies, a record breaks user code, or a straggler holds everybody up.
 *
 * Source: J. Dean and S. Ghemawat, "MapReduce: Simplified Data Processing on Large Clusters",
 * OSDI 2004, sections 3.1 to 3.6, 4.6, 4.9. Ours differs: a backup is started only for a task that
 * has run `backupFactor` times the mean, and map outputs are fetched when all maps are done.
 * Assumes: workers crash and messages are lost or repeated; the coordinator does not fail (3.3).
 * Guarantees: each task's result is taken once; the job ends while one worker lives, or fails with
 * the reason when a task has failed `maxFailures` times.
 * Cost: 3 messages a task and one heartbeat a worker every `heartbeatMs`.
 */
import type { Event, Host, Node, NodeId } from "../../../protocol";
import type { OutputRef, Task } from "../tasks";
import type { ControlMessage, EndedAnswer, JobOutcome, Plan, RunningAttempt } from "./messages";
import {
  inputsOf,
  isPhaseDone,
  makeTasks,
  nextBackup,
  nextIdle,
  totalCounters,
} from "./task-table";
import type { Attempt, TaskEntry } from "./task-table";

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
  /** A backup is started when a task has run this many times the mean; 0: none. Default 1.5. */
  readonly backupFactor: number;
}

const defaults = { checkMs: 500, leaseMs: 5_000, maxFailures: 4, skipAfter: 2, backupFactor: 1.5 };

export type CoordinatorTimer = "check";
type ControlHost = Host<ControlMessage, CoordinatorTimer>;

interface WorkerEntry {
  heardMs: number;
  running: number[];
}

export class Coordinator implements Node<ControlMessage, CoordinatorTimer> {
  private readonly options: CoordinatorOptions;
  private readonly tasks: TaskEntry[];
  private readonly workers = new Map<NodeId, WorkerEntry>();
  private nextAttemptId = 1;
  private isOver = false;
  /** Of tasks that are done, in ms; their mean tells who is a straggler. */
  private readonly durations = { map: [] as number[], reduce: [] as number[] };

  constructor(
    readonly id: NodeId,
    _peers: readonly NodeId[],
    options: Partial<CoordinatorOptions> = {},
  ) {
    this.options = { plan: { splits: [], partitions: 0 }, ...defaults, ...options };
    this.tasks = makeTasks(this.options.plan);
  }

  handle(event: Event<ControlMessage, CoordinatorTimer>, host: ControlHost): void {
    if (this.isOver) return;
    if (event.kind === "start") host.setTimer("check", this.options.checkMs);
    if (event.kind === "timer") this.check(host);
    if (event.kind === "message") this.hear(event.from, event.message, host);
    if (!this.isOver) this.endIfDone(host);
  }

  private hear(from: NodeId, message: ControlMessage, host: ControlHost): void {
    switch (message.type) {
      case "heartbeat":
        this.hearHeartbeat(from, message.running, host);
        break;
      case "ended":
        this.hearEnded(from, message.answer, host);
        break;
      case "workerLost":
        this.loseWorker(message.worker, host);
        break;
    }
    this.assignIdle(host);
  }

  private hearHeartbeat(from: NodeId, running: readonly RunningAttempt[], host: ControlHost): void {
    const worker = this.workers.get(from) ?? { heardMs: 0, running: [] };
    if (!this.workers.has(from)) host.note("workerJoined", from);
    worker.heardMs = host.nowMs;
    this.workers.set(from, worker);
    for (const { attemptId, fraction } of running) {
      const attempt = this.findAttempt(attemptId)?.attempt;
      if (attempt !== undefined) attempt.fraction = fraction;
    }
    this.noticeLostAssignments(from, running, host);
  }

  /** An assignment that the worker does not know a lease later was lost on the way. */
  private noticeLostAssignments(
    from: NodeId,
    running: readonly RunningAttempt[],
    host: ControlHost,
  ): void {
    const known = new Set(running.map(({ attemptId }) => attemptId));
    for (const attemptId of [...(this.workers.get(from)?.running ?? [])]) {
      const found = this.findAttempt(attemptId);
      if (known.has(attemptId)) continue;
      if (found === undefined) this.free(from, attemptId);
      else if (host.nowMs - found.attempt.startedMs > this.options.leaseMs)
        this.drop(found.attempt);
    }
  }

  private hearEnded(from: NodeId, answer: EndedAnswer, host: ControlHost): void {
    host.send(from, { type: "noted", attemptId: answer.attemptId });
    const found = this.findAttempt(answer.attemptId);
    this.free(from, answer.attemptId);
    if (found === undefined) return host.note("lateAnswerIgnored", answer.attemptId);
    this.drop(found.attempt);
    if (answer.type === "executed") this.complete(found.task, found.attempt, answer, host);
    else this.fail(found.task, found.attempt, answer, host);
  }

  private complete(
    task: TaskEntry,
    attempt: Attempt,
    answer: EndedAnswer & { type: "executed" },
    host: ControlHost,
  ): void {
    task.state = "done";
    task.outputs = answer.outputs;
    task.counters = answer.counters;
    task.doneBy = attempt.worker;
    this.durations[task.kind].push(host.nowMs - attempt.startedMs);
    task.attempts = []; // the worker of a beaten backup stays busy until it answers
    if (attempt.isBackup) host.note("backupWon", task.taskId);
    host.note("taskDone", this.told(task, attempt));
  }

  private fail(
    task: TaskEntry,
    attempt: Attempt,
    answer: EndedAnswer & { type: "failed" },
    host: ControlHost,
  ): void {
    host.note("attemptFailed", { ...this.told(task, attempt), reason: answer.reason });
    if (answer.lostOutputs) return this.redoMaps(answer.lostOutputs, host);
    task.failures++;
    const at = answer.recordAt;
    if (at !== undefined) task.recordFailures[at] = (task.recordFailures[at] ?? 0) + 1;
    const isSkippable =
      at !== undefined && (task.recordFailures[at] ?? 0) >= this.options.skipAfter;
    if (isSkippable) task.failures = 0;
    if (task.failures >= this.options.maxFailures) this.end(host, `${answer.reason}`);
  }

  /** "Completed map tasks are re-executed on a failure because their output is inaccessible." 3.3 */
  private redoMaps(lost: readonly OutputRef[], host: ControlHost): void {
    for (const { mapTaskId, worker } of lost) {
      const task = this.tasks[mapTaskId];
      if (task?.state === "done" && task.doneBy === worker) this.reopen(task, host);
    }
  }

  private reopen(task: TaskEntry, host: ControlHost): void {
    task.state = "open";
    task.outputs = [];
    task.counters = {};
    task.doneBy = undefined;
    host.note("taskRedone", task.taskId);
  }

  private loseWorker(id: NodeId, host: ControlHost): void {
    if (!this.workers.delete(id)) return;
    host.note("workerLost", id);
    for (const task of this.tasks) {
      task.attempts = task.attempts.filter(({ worker }) => worker !== id);
      const isLost = task.state === "done" && task.doneBy === id;
      if (isLost) this.reopen(task, host);
    }
  }

  private check(host: ControlHost): void {
    host.setTimer("check", this.options.checkMs);
    for (const [id, { heardMs }] of [...this.workers]) {
      if (host.nowMs - heardMs > this.options.leaseMs) this.loseWorker(id, host);
    }
    this.assignIdle(host);
  }

  private assignIdle(host: ControlHost): void {
    for (const [id, worker] of this.workers) {
      if (worker.running.length > 0) continue;
      const idle = nextIdle(this.tasks);
      if (idle !== undefined) this.assign(idle, { worker: id, isBackup: false }, host);
      else this.assignBackup(id, host);
    }
  }

  private assignBackup(worker: NodeId, host: ControlHost): void {
    if (this.options.backupFactor === 0) return;
    const task = nextBackup(this.tasks, worker);
    const durations = task && this.durations[task.kind];
    if (task === undefined || !durations || durations.length === 0) return;
    const mean = durations.reduce((sum, ms) => sum + ms, 0) / durations.length;
    const ranMs = host.nowMs - (task.attempts[0]?.startedMs ?? 0);
    if (ranMs > this.options.backupFactor * mean)
      this.assign(task, { worker, isBackup: true }, host);
  }

  private assign(
    task: TaskEntry,
    { worker, isBackup }: { worker: NodeId; isBackup: boolean },
    host: ControlHost,
  ): void {
    const attemptId = this.nextAttemptId++;
    const attempt = { attemptId, worker, startedMs: host.nowMs, isBackup, fraction: 0 };
    task.attempts.push(attempt);
    this.workers.get(worker)?.running.push(attemptId);
    const skipRecordsAt = Object.entries(task.recordFailures)
      .filter(([, count]) => count >= this.options.skipAfter)
      .map(([at]) => Number(at));
    host.note(isBackup ? "backupStarted" : "attemptStarted", this.told(task, attempt));
    host.send(worker, { type: "assign", attemptId, task: this.toTask(task), skipRecordsAt });
  }

  private toTask(task: TaskEntry): Task {
    const { taskId, split, partition } = task;
    if (split !== undefined) return { kind: "map", taskId, split };
    const inputs = inputsOf(this.tasks, partition ?? 0);
    return { kind: "reduce", taskId, partition: partition ?? 0, inputs };
  }

  private findAttempt(attemptId: number): { task: TaskEntry; attempt: Attempt } | undefined {
    for (const task of this.tasks) {
      const attempt = task.attempts.find((candidate) => candidate.attemptId === attemptId);
      if (attempt !== undefined) return { task, attempt };
    }
    return undefined;
  }

  /** Forgets an attempt: its worker is free, and its answer, should it still come, is ignored. */
  private drop({ attemptId, worker }: Attempt): void {
    this.free(worker, attemptId);
    for (const task of this.tasks) {
      task.attempts = task.attempts.filter((attempt) => attempt.attemptId !== attemptId);
    }
  }

  private free(worker: NodeId, attemptId: number): void {
    const entry = this.workers.get(worker);
    if (entry !== undefined) entry.running = entry.running.filter((id) => id !== attemptId);
  }

  private endIfDone(host: ControlHost): void {
    if (isPhaseDone(this.tasks, "map") && isPhaseDone(this.tasks, "reduce")) this.end(host);
  }

  private end(host: ControlHost, reason?: string): void {
    this.isOver = true;
    host.cancelTimer("check");
    const reduces = this.tasks.filter(({ kind }) => kind === "reduce");
    const outputs = reduces.flatMap((task) => task.outputs);
    const outcome: JobOutcome = { outputs, counters: totalCounters(this.tasks), reason };
    host.note(reason === undefined ? "jobDone" : "jobFailed", outcome);
  }

  private told(task: TaskEntry, { attemptId, worker, isBackup }: Attempt): object {
    return { attemptId, taskId: task.taskId, kind: task.kind, worker, isBackup };
  }
}
