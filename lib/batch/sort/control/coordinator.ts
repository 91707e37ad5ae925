/**
 * The coordinator of a sort: first every split becomes sorted runs, then every range of keys is
 * merged from all runs; what a lost worker had to do, or had on its disk, is done again.
 *
 * Source: O. O'Malley, "TeraByte Sort on Apache Hadoop", 2008, on Dean and Ghemawat, OSDI 2004,
 * section 3.3. Ours samples the runs, not the input, cuts equal keys by place, and goes on where
 * the paper gives up, when the coordinator itself has crashed: each change of a task is saved.
 * Assumes: workers and coordinator crash, its disk survives; messages are lost or repeated; a split
 * makes the same runs; the output is a file that all reach, written by place.
 * Guarantees: each range is taken once, from all runs; the sort ends while a worker and, in the
 * end, the coordinator live, or fails with the reason.
 * Cost: 3 messages, 2 saves a task, a heartbeat a worker every `heartbeatMs`; O(workers) a message.
 */
import type { Event, Host, Node, NodeId } from "../../../protocol";
import { firstAttemptId, lifeAfter, savedWorkers, workerKey } from "../../coordinator-lives";
import type { Saved } from "../../coordinator-lives";
import type { MadeRun, RunRef, SortAnswer, SortSplit, SortTask, Splitter } from "../tasks";
import { chooseSplitters } from "./choose-splitters";
import type { SortMessage } from "./messages";
import * as books from "./sort-book";
import type { SavedSortTask, SortBook, SortEntry } from "./sort-book";

export interface SortCoordinatorOptions {
  /** In the order of the input. */
  readonly splits: readonly SortSplit[];
  /** Ranges of keys to merge apart; rule of thumb: 2 to 4 a worker. Default 4. */
  readonly ranges: number;
  /** Where runs lie: on their worker's disk, and lost with it, or where all reach them. */
  readonly runsAt: "worker" | "shared";
  /** How often leases are looked at; ms, default 500. */
  readonly checkMs: number;
  /** A worker silent for so long is dead; rule of thumb: 5 to 10 heartbeats. Default 5,000. */
  readonly leaseMs: number;
  /** Failures of one task that fail the sort; default 4. */
  readonly maxFailures: number;
}

const defaults: SortCoordinatorOptions = {
  splits: [],
  ranges: 4,
  runsAt: "worker",
  checkMs: 500,
  leaseMs: 5_000,
  maxFailures: 4,
};

/** The detail of the last note, "sortDone" or "sortFailed". */
export interface SortOutcome {
  readonly records: number;
  readonly bytes: number;
  readonly runs: number;
  readonly ranges: number;
  /** How often a byte was merged at most; 1: all runs were merged at once; 0: there were none. */
  readonly passes: number;
  readonly reason?: string;
  /** It would fail again: bad input, a full disk. */
  readonly isFinal?: boolean;
}

interface WorkerEntry {
  heardMs: number;
  readonly incarnation: number;
  /** The attempt that it is given, while that counts. */
  attemptId?: number;
}

/** Saved as "plan" once all runs are there; without runs there is no range. */
interface RangePlan {
  readonly ranges: number;
  readonly splitters: readonly Splitter[];
}

export type SortHost = Host<SortMessage, "check">;

export class SortCoordinator implements Node<SortMessage, "check"> {
  protected readonly options: SortCoordinatorOptions;
  protected readonly book: SortBook;
  private readonly workers = new Map<NodeId, WorkerEntry>();
  private nextAttemptId = firstAttemptId(0);
  private isPlanned = false;
  private isOver = false;

  constructor(
    readonly id: NodeId,
    _peers: readonly NodeId[],
    options: Partial<SortCoordinatorOptions> = {},
  ) {
    this.options = { ...defaults, ...options };
    this.book = books.makeSortBook(this.options.splits);
  }

  handle(event: Event<SortMessage, "check">, host: SortHost): void {
    if (this.isOver) return;
    if (event.kind === "start") this.start(event.saved, host);
    if (event.kind === "message") this.hear(event.from, event.message, host);
    else this.check(host);
    if (!this.isOver) this.proceed(host);
  }

  private start(saved: Saved, host: SortHost): void {
    const life = lifeAfter(saved);
    host.save("life", life);
    if (life > 0) this.resume(saved, life, host);
  }

  /** Workers tell what they do with their next heartbeat, and what they have done until noted. */
  protected resume(saved: Saved, life: number, host: SortHost): void {
    const { book } = this;
    this.nextAttemptId = firstAttemptId(life);
    if (saved["plan"] !== undefined) this.addRanges(saved["plan"] as RangePlan);
    for (const [id, incarnation] of savedWorkers(saved)) this.restoreWorker(id, incarnation, host);
    for (const task of book.tasks) {
      const known = (saved[`task/${task.taskId}`] ?? {}) as SavedSortTask;
      books.restoreTask(book, task, { saved: known, nowMs: host.nowMs });
      const worker = task.attempt && this.workers.get(task.attempt.worker);
      if (worker) worker.attemptId = task.attempt?.attemptId;
    }
    const done = book.tasks.filter(({ state }) => state === "done");
    const bytes = done.reduce((sum, task) => sum + task.bytes, 0);
    host.note("coordinatorResumed", { life, done: done.map(({ taskId }) => taskId), bytes });
  }

  /** Alive until its lease ends: one that died meanwhile is found out so. */
  protected restoreWorker(id: NodeId, incarnation: number, host: SortHost): void {
    this.workers.set(id, { heardMs: host.nowMs, incarnation });
  }

  private hear(from: NodeId, message: SortMessage, host: SortHost): void {
    if (message.type === "heartbeat") this.hearHeartbeat(from, message, host);
    if (message.type === "ended") this.hearEnded(from, message.answer, host);
    if (message.type === "workerLost") this.loseWorker(message.worker, host);
  }

  private hearHeartbeat(
    from: NodeId,
    { running, incarnation }: SortMessage & { type: "heartbeat" },
    host: SortHost,
  ): void {
    const known = this.workers.get(from);
    if (known !== undefined && known.incarnation !== incarnation) this.loseWorker(from, host);
    const worker = this.workers.get(from) ?? this.welcome(from, incarnation, host);
    worker.heardMs = host.nowMs;
    const { attemptId } = worker;
    if (attemptId === undefined || running.some((told) => told.attemptId === attemptId)) return;
    const task = this.book.attempts.get(attemptId);
    if (task?.attempt === undefined) return;
    if (host.nowMs - task.attempt.sinceMs > this.options.leaseMs) this.forget(task, host);
  }

  private welcome(id: NodeId, incarnation: number, host: SortHost): WorkerEntry {
    host.note("workerJoined", id);
    host.save(workerKey(id), incarnation);
    const worker: WorkerEntry = { heardMs: host.nowMs, incarnation };
    this.workers.set(id, worker);
    return worker;
  }

  /** The assignment, or its answer for good, was lost on the way. */
  protected forget(task: SortEntry, host: SortHost): void {
    host.note("attemptForgotten", { taskId: task.taskId, attemptId: task.attempt?.attemptId });
    this.free(task);
    books.endAttempt(this.book, task);
    this.save(task, host);
  }

  /** The worker of its attempt may be given another one. */
  private free({ attempt }: SortEntry): void {
    const worker = attempt && this.workers.get(attempt.worker);
    if (worker && worker.attemptId === attempt?.attemptId) worker.attemptId = undefined;
  }

  /** What is saved before `noted` is sent is durable before the worker forgets it. */
  protected hearEnded(from: NodeId, answer: SortAnswer, host: SortHost): void {
    const task = this.book.attempts.get(answer.attemptId);
    if (task === undefined) this.hearLate(answer, host);
    else {
      this.free(task);
      if (answer.type === "executed") this.complete(task, answer, host);
      else this.fail(task, answer, host);
    }
    host.send(from, { type: "noted", attemptId: answer.attemptId });
  }

  /** Of an attempt that no longer counts: its worker was taken for dead. */
  protected hearLate(answer: SortAnswer, host: SortHost): void {
    host.note("lateAnswerIgnored", answer.attemptId);
  }

  protected complete(
    task: SortEntry,
    { attemptId, runs, bytes, passes = 1 }: SortAnswer & { type: "executed" },
    host: SortHost,
  ): void {
    books.completeTask(this.book, task, { runs, bytes, passes });
    this.save(task, host);
    host.note("taskDone", { taskId: task.taskId, kind: task.kind, bytes, attemptId });
  }

  /** To be called whenever a task has changed: a restarted coordinator knows no more than that. */
  protected save(task: SortEntry, host: SortHost): void {
    host.save(`task/${task.taskId}`, books.savedTask(task));
  }

  private fail(
    task: SortEntry,
    { attemptId, reason, isFinal, lostRuns }: SortAnswer & { type: "failed" },
    host: SortHost,
  ): void {
    host.note("attemptFailed", { taskId: task.taskId, reason, attemptId });
    if (lostRuns === undefined) task.failures++;
    books.endAttempt(this.book, task);
    this.save(task, host);
    if (lostRuns !== undefined) return this.redoRuns(lostRuns, host);
    if (isFinal || task.failures >= this.options.maxFailures) this.end(host, { reason, isFinal });
  }

  private redoRuns(lost: readonly RunRef[], host: SortHost): void {
    for (const { taskId, worker } of lost) {
      const task = this.book.tasks[taskId] as SortEntry;
      // Others may have told of it before, and it may be made again elsewhere by now.
      if (task.runs.some((run) => run.worker === worker)) this.reopen(task, host);
    }
  }

  protected reopen(task: SortEntry, host: SortHost): void {
    books.reopenTask(this.book, task);
    this.save(task, host);
    host.note("taskRedone", { taskId: task.taskId, kind: task.kind });
  }

  protected loseWorker(id: NodeId, host: SortHost): void {
    const worker = this.workers.get(id);
    if (worker === undefined) return;
    this.workers.delete(id);
    host.note("workerLost", id);
    host.save(workerKey(id), undefined);
    const task = this.book.attempts.get(worker.attemptId ?? -1);
    if (task !== undefined) {
      books.endAttempt(this.book, task);
      this.save(task, host);
    }
    if (this.options.runsAt === "shared") return;
    for (const task of this.book.tasks) {
      if (task.runs.some(({ worker }) => worker === id)) this.reopen(task, host);
    }
  }

  private check(host: SortHost): void {
    host.setTimer("check", this.options.checkMs);
    for (const [id, { heardMs }] of [...this.workers]) {
      if (host.nowMs - heardMs > this.options.leaseMs) this.loseWorker(id, host);
    }
  }

  /** Plans the ranges once all runs are there, gives work to idle workers, sees the end. */
  private proceed(host: SortHost): void {
    const { open } = this.book;
    if (open.run === 0 && !this.isPlanned) this.planRanges(host);
    if (this.isPlanned && open.merge === 0) return this.end(host);
    for (const [id, worker] of this.workers) {
      if (worker.attemptId !== undefined) continue;
      const task = this.nextTask();
      if (task === undefined) return;
      this.assign(task, { id, worker }, host);
    }
  }

  /** Runs first; a range needs all of them. */
  protected nextTask(): SortEntry | undefined {
    const { book } = this;
    return book.open.run > 0 ? books.nextIdle(book, "run") : books.nextIdle(book, "merge");
  }

  private planRanges(host: SortHost): void {
    const runs = this.allRuns();
    const splitters = runs.length === 0 ? [] : chooseSplitters(runs, this.options.ranges);
    const plan: RangePlan = { ranges: runs.length === 0 ? 0 : splitters.length + 1, splitters };
    this.addRanges(plan);
    host.save("plan", plan);
    host.note("rangesPlanned", { runs: runs.length, ranges: splitters.length + 1 });
  }

  private addRanges({ ranges, splitters }: RangePlan): void {
    this.isPlanned = true;
    for (let i = 0; i < ranges; i++) {
      books.addTask(this.book, { kind: "merge", low: splitters[i - 1], high: splitters[i] });
    }
  }

  protected allRuns(): MadeRun[] {
    return this.book.tasks.flatMap(({ runs }) => runs);
  }

  private assign(
    task: SortEntry,
    { id, worker }: { id: NodeId; worker: WorkerEntry },
    host: SortHost,
  ): void {
    const attemptId = this.nextAttemptId++;
    worker.attemptId = attemptId;
    books.beginAttempt(this.book, task, { attemptId, worker: id, sinceMs: host.nowMs });
    this.save(task, host);
    const { taskId, kind } = task;
    host.note("attemptStarted", { attemptId, taskId, kind, worker: id });
    host.send(id, { type: "assign", attemptId, task: this.toTask(task) });
  }

  private toTask({ taskId, split, low, high }: SortEntry): SortTask {
    if (split !== undefined) return { kind: "run", taskId, split };
    const runs = this.allRuns().map(({ samples: _, ...run }) => run);
    return { kind: "merge", taskId, low, high, runs };
  }

  private end(host: SortHost, why: { reason?: string; isFinal?: boolean } = {}): void {
    this.isOver = true;
    host.cancelTimer("check");
    const runs = this.allRuns();
    const sum = (field: "records" | "bytes"): number =>
      runs.reduce((total, run) => total + run[field], 0);
    const merges = this.book.tasks.filter(({ kind }) => kind === "merge");
    const passes = merges.reduce((most, task) => Math.max(most, task.passes), 0);
    const made = { runs: runs.length, ranges: merges.length, passes };
    const counts = { records: sum("records"), bytes: sum("bytes"), ...made };
    host.note(why.reason === undefined ? "sortDone" : "sortFailed", { ...counts, ...why });
  }
}
