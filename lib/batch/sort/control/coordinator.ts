/**
 * The coordinator of a sort: first every split becomes sorted runs, then every range of keys is
 * merged from all runs; what a lost worker had to do, or had on its disk, is done again.
 *
 * Source: O. O'Malley, "TeraByte Sort on Apache Hadoop", 2008, on J. Dean and S. Ghemawat, OSDI
 * 2004, section 3.3. Ours samples the runs, not the input, and cuts equal keys by place.
 * Assumes: workers crash, messages are lost or repeated, the coordinator lives; a split makes
 * the same runs; the output is a file that all reach, written by place.
 * Guarantees: each range is taken once, from all runs; the sort ends while a worker lives, or fails
 * with the reason.
 * Cost: 3 messages a task, a heartbeat a worker every `heartbeatMs`; O(tasks) a message.
 */
import type { Event, Host, Node, NodeId } from "../../../protocol";
import type { MadeRun, RunRef, SortAnswer, SortSplit, SortTask, Splitter } from "../tasks";
import { chooseSplitters } from "./choose-splitters";
import type { SortMessage } from "./messages";

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
  readonly reason?: string;
  /** It would fail again: bad input, a full disk. */
  readonly isFinal?: boolean;
}

interface Entry {
  readonly taskId: number;
  readonly kind: SortTask["kind"];
  readonly split?: SortSplit;
  readonly low?: Splitter;
  readonly high?: Splitter;
  state: "open" | "done";
  attempt?: { readonly attemptId: number; readonly worker: NodeId; readonly sinceMs: number };
  failures: number;
  /** Of a run task that is done. */
  runs: readonly MadeRun[];
}

type CoordinatorHost = Host<SortMessage, "check">;

export class SortCoordinator implements Node<SortMessage, "check"> {
  protected readonly options: SortCoordinatorOptions;
  protected readonly tasks: Entry[];
  private readonly workers = new Map<NodeId, { heardMs: number; incarnation: number }>();
  private nextAttemptId = 1;
  private isPlanned = false;
  private isOver = false;

  constructor(
    readonly id: NodeId,
    _peers: readonly NodeId[],
    options: Partial<SortCoordinatorOptions> = {},
  ) {
    this.options = { ...defaults, ...options };
    this.tasks = this.options.splits.map((split, taskId) => {
      return { taskId, kind: "run", split, state: "open", failures: 0, runs: [] };
    });
  }

  handle(event: Event<SortMessage, "check">, host: CoordinatorHost): void {
    if (this.isOver) return;
    if (event.kind === "message") this.hear(event.from, event.message, host);
    else this.check(host);
    if (!this.isOver) this.proceed(host);
  }

  private hear(from: NodeId, message: SortMessage, host: CoordinatorHost): void {
    if (message.type === "heartbeat") this.hearHeartbeat(from, message, host);
    if (message.type === "ended") this.hearEnded(from, message.answer, host);
    if (message.type === "workerLost") this.loseWorker(message.worker, host);
  }

  private hearHeartbeat(
    from: NodeId,
    { running, incarnation }: SortMessage & { type: "heartbeat" },
    host: CoordinatorHost,
  ): void {
    const known = this.workers.get(from);
    if (known !== undefined && known.incarnation !== incarnation) this.loseWorker(from, host);
    if (!this.workers.has(from)) host.note("workerJoined", from);
    this.workers.set(from, { heardMs: host.nowMs, incarnation });
    const told = new Set(running.map(({ attemptId }) => attemptId));
    for (const task of this.tasks) {
      const { attempt } = task;
      if (attempt?.worker !== from || told.has(attempt.attemptId)) continue;
      if (host.nowMs - attempt.sinceMs > this.options.leaseMs) this.forget(task, host);
    }
  }

  /** The assignment, or its answer for good, was lost on the way. */
  protected forget(task: Entry, host: CoordinatorHost): void {
    host.note("attemptForgotten", { taskId: task.taskId, attemptId: task.attempt?.attemptId });
    task.attempt = undefined;
  }

  private hearEnded(from: NodeId, answer: SortAnswer, host: CoordinatorHost): void {
    host.send(from, { type: "noted", attemptId: answer.attemptId });
    const task = this.tasks.find(({ attempt }) => attempt?.attemptId === answer.attemptId);
    if (task === undefined) return this.hearLate(answer, host);
    task.attempt = undefined;
    if (answer.type === "executed") this.complete(task, answer, host);
    else this.fail(task, answer, host);
  }

  /** Of an attempt that no longer counts: its worker was taken for dead. */
  protected hearLate(answer: SortAnswer, host: CoordinatorHost): void {
    host.note("lateAnswerIgnored", answer.attemptId);
  }

  protected complete(
    task: Entry,
    { attemptId, runs, bytes }: SortAnswer & { type: "executed" },
    host: CoordinatorHost,
  ): void {
    task.state = "done";
    task.runs = runs;
    host.note("taskDone", { taskId: task.taskId, kind: task.kind, bytes, attemptId });
  }

  private fail(
    task: Entry,
    { attemptId, reason, isFinal, lostRuns }: SortAnswer & { type: "failed" },
    host: CoordinatorHost,
  ): void {
    host.note("attemptFailed", { taskId: task.taskId, reason, attemptId });
    if (lostRuns !== undefined) return this.redoRuns(lostRuns, host);
    task.failures++;
    if (isFinal || task.failures >= this.options.maxFailures) this.end(host, { reason, isFinal });
  }

  private redoRuns(lost: readonly RunRef[], host: CoordinatorHost): void {
    for (const { taskId, worker } of lost) {
      const task = this.tasks[taskId] as Entry;
      // Others may have told of it before, and it may be made again elsewhere by now.
      if (task.runs.some((run) => run.worker === worker)) this.reopen(task, host);
    }
  }

  protected reopen(task: Entry, host: CoordinatorHost): void {
    task.state = "open";
    task.runs = [];
    host.note("taskRedone", { taskId: task.taskId, kind: task.kind });
  }

  protected loseWorker(id: NodeId, host: CoordinatorHost): void {
    if (!this.workers.delete(id)) return;
    host.note("workerLost", id);
    for (const task of this.tasks) {
      if (task.attempt?.worker === id) task.attempt = undefined;
      if (this.options.runsAt === "shared") continue;
      if (task.runs.some(({ worker }) => worker === id)) this.reopen(task, host);
    }
  }

  private check(host: CoordinatorHost): void {
    host.setTimer("check", this.options.checkMs);
    for (const [id, { heardMs }] of [...this.workers]) {
      if (host.nowMs - heardMs > this.options.leaseMs) this.loseWorker(id, host);
    }
  }

  /** Plans the ranges once all runs are there, gives work to idle workers, sees the end. */
  private proceed(host: CoordinatorHost): void {
    const isSorted = this.areRunsDone();
    if (isSorted && !this.isPlanned) this.planRanges(host);
    if (this.isPlanned && this.tasks.every(({ kind, state }) => kind === "run" || state === "done"))
      return this.end(host);
    const busy = new Set(this.tasks.map(({ attempt }) => attempt?.worker));
    for (const worker of this.workers.keys()) {
      if (busy.has(worker)) continue;
      const task = this.nextTask();
      if (task === undefined) return;
      this.assign(task, worker, host);
    }
  }

  private areRunsDone(): boolean {
    return this.tasks.every(({ kind, state }) => kind !== "run" || state === "done");
  }

  /** Runs first; a range needs all of them. */
  protected nextTask(): Entry | undefined {
    const isIdle = ({ state, attempt }: Entry): boolean =>
      state === "open" && attempt === undefined;
    const run = this.tasks.find((task) => task.kind === "run" && isIdle(task));
    if (run !== undefined || !this.areRunsDone()) return run;
    return this.tasks.find(isIdle);
  }

  private planRanges(host: CoordinatorHost): void {
    this.isPlanned = true;
    const runs = this.allRuns();
    const splitters = runs.length === 0 ? [] : chooseSplitters(runs, this.options.ranges);
    const edges = [undefined, ...splitters, undefined];
    for (let i = 0; i + 1 < edges.length && runs.length > 0; i++) {
      const [taskId, low, high] = [this.tasks.length, edges[i], edges[i + 1]];
      this.tasks.push({ taskId, kind: "merge", low, high, state: "open", failures: 0, runs: [] });
    }
    host.note("rangesPlanned", { runs: runs.length, ranges: splitters.length + 1 });
  }

  protected allRuns(): MadeRun[] {
    return this.tasks.flatMap(({ runs }) => runs);
  }

  private assign(task: Entry, worker: NodeId, host: CoordinatorHost): void {
    const attemptId = this.nextAttemptId++;
    task.attempt = { attemptId, worker, sinceMs: host.nowMs };
    host.note("attemptStarted", { attemptId, taskId: task.taskId, kind: task.kind, worker });
    host.send(worker, { type: "assign", attemptId, task: this.toTask(task) });
  }

  private toTask({ taskId, split, low, high }: Entry): SortTask {
    if (split !== undefined) return { kind: "run", taskId, split };
    const runs = this.allRuns().map(({ samples: _, ...run }) => run);
    return { kind: "merge", taskId, low, high, runs };
  }

  private end(host: CoordinatorHost, why: { reason?: string; isFinal?: boolean } = {}): void {
    this.isOver = true;
    host.cancelTimer("check");
    const runs = this.allRuns();
    const sum = (field: "records" | "bytes"): number =>
      runs.reduce((total, run) => total + run[field], 0);
    const ranges = this.tasks.filter(({ kind }) => kind === "merge").length;
    const counts = { records: sum("records"), bytes: sum("bytes"), runs: runs.length, ranges };
    host.note(why.reason === undefined ? "sortDone" : "sortFailed", { ...counts, ...why });
  }
}
