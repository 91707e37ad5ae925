/**
 * The coordinator of data sets: computes what a job's lineage lacks, stage by stage, each task near
 * the cached partition it begins with, and what a dead worker held again as far as it is needed.
 *
 * Source: M. Zaharia et al., "Resilient Distributed Datasets", NSDI 2012, sections 2.1, 4, 5.1 and
 * 5.3. Ours starts a stage's task by what it reads, not stage by stage; backups as in MapReduce.
 * Assumes: workers crash, messages are lost or repeated, the coordinator lives; steps compute the
 * same rows each time.
 * Guarantees: a job ends while a worker lives, each wanted partition handed over once; nothing is
 * computed that is still there; an accumulator counts each partition of a step once.
 * Cost: 3 messages a task and one heartbeat a worker every `heartbeatMs`; O(tasks) a loss.
 */
import type { Event, Host, Node, NodeId } from "../../../protocol";
import type { Heartbeat } from "../../task-worker";
import * as book from "./attempts";
import type { Attempt, Attempts } from "./attempts";
import { inputsOf, needsOf, originOf, stepsOf } from "./lineage";
import type { Holdings, Need } from "./lineage";
import { count, forget, forgetWorker, makeLedger, noteOutput, notePartition } from "./ledger";
import type { Ledger } from "./ledger";
import type {
  Addition,
  DatasetAnswer,
  DatasetMessage,
  DatasetOutcome,
  DatasetTask,
  JobPlan,
  LostInput,
  PlanStep,
} from "./messages";

export interface DatasetCoordinatorOptions {
  /** How often leases, waits and stragglers are looked at, in ms; default 500. */
  readonly checkMs: number;
  /** A worker silent for so long is dead; rule of thumb: 5 to 10 heartbeats. Default 5,000. */
  readonly leaseMs: number;
  /** A task waits so long for the worker that has its partition cached. Default 3,000 (5.1). */
  readonly localityWaitMs: number;
  /** Failures of one task that fail the job; default 4. */
  readonly maxFailures: number;
  /** A task that has run this many times the mean gets a backup; 0: none does. Default 3. */
  readonly backupFactor: number;
}

const defaults: DatasetCoordinatorOptions = {
  checkMs: 500,
  leaseMs: 5_000,
  localityWaitMs: 3_000,
  maxFailures: 4,
  backupFactor: 3,
};

interface Job {
  readonly plan: JobPlan;
  readonly requestId: number;
  readonly client: NodeId;
  readonly steps: ReadonlyMap<number, PlanStep>;
  /** Wanted partitions that have not been handed over. */
  readonly open: Set<number>;
  readonly failures: Map<string, number>;
  /** Since when a task could run, by its key. */
  readonly readySinceMs: Map<string, number>;
  /** What is missing; undefined: to be found again. */
  needs: Map<string, Need> | undefined;
}

type CoordinatorHost = Host<DatasetMessage, "check">;

export class DatasetCoordinator implements Node<DatasetMessage, "check"> {
  protected readonly options: DatasetCoordinatorOptions;
  protected readonly ledger: Ledger = makeLedger();
  protected readonly attempts: Attempts = book.makeAttempts();
  private readonly workers = new Map<NodeId, { heardMs: number; incarnation: number }>();
  private readonly queue: Job[] = [];
  /** Of the last jobs, should their client ask again. */
  private readonly outcomes = new Map<number, DatasetOutcome>();

  constructor(
    readonly id: NodeId,
    _peers: readonly NodeId[],
    options: Partial<DatasetCoordinatorOptions> = {},
  ) {
    this.options = { ...defaults, ...options };
  }

  handle(event: Event<DatasetMessage, "check">, host: CoordinatorHost): void {
    if (event.kind === "message") this.hear(event.from, event.message, host);
    else this.check(host);
    this.proceed(host);
  }

  private hear(from: NodeId, message: DatasetMessage, host: CoordinatorHost): void {
    switch (message.type) {
      case "heartbeat":
        return this.hearHeartbeat(from, message, host);
      case "ended":
        return this.hearEnded(from, message.answer, host);
      case "workerLost":
        return this.loseWorker(message.worker, host);
      case "submit":
        return this.submit(from, message, host);
      case "cancel":
        return this.cancel(message.job);
      case "forget":
        for (const cached of message.cached) this.lose({ kind: "cached", ...cached }, host);
    }
  }

  private submit(
    client: NodeId,
    { requestId, plan }: DatasetMessage & { type: "submit" },
    host: CoordinatorHost,
  ): void {
    const outcome = this.outcomes.get(plan.job);
    if (outcome !== undefined) return host.send(client, { type: "jobEnded", requestId, outcome });
    if (this.queue.some((job) => job.plan.job === plan.job)) return;
    const maps = { failures: new Map<string, number>(), readySinceMs: new Map<string, number>() };
    const open = new Set(plan.partitions);
    const steps = stepsOf(plan);
    this.queue.push({ plan, requestId, client, steps, open, ...maps, needs: undefined });
    host.note("jobSubmitted", plan.job);
  }

  private cancel(job: number): void {
    const at = this.queue.findIndex(({ plan }) => plan.job === job);
    if (at < 0) return;
    this.queue.splice(at, 1);
    if (at === 0) this.attempts.byId.clear();
  }

  private hearHeartbeat(from: NodeId, beat: Heartbeat, host: CoordinatorHost): void {
    const known = this.workers.get(from);
    // A worker that came back has forgotten its tasks and its cache, and its disk may be gone.
    if (known !== undefined && known.incarnation !== beat.incarnation) this.loseWorker(from, host);
    if (!this.workers.has(from)) host.note("workerJoined", from);
    this.workers.set(from, { heardMs: host.nowMs, incarnation: beat.incarnation });
    const running = new Set(beat.running.map(({ attemptId }) => attemptId));
    book.keepBusy(this.attempts, from, running);
    for (const attempt of book.attemptsOf(this.attempts, from)) {
      if (running.has(attempt.attemptId)) continue;
      if (host.nowMs - attempt.sinceMs > this.options.leaseMs) this.forgetAttempt(attempt, host);
    }
  }

  /** The assignment was lost on the way. */
  protected forgetAttempt(attempt: Attempt, host: CoordinatorHost): void {
    host.note("attemptForgotten", told(attempt));
    book.end(this.attempts, attempt.attemptId);
  }

  private hearEnded(from: NodeId, answer: DatasetAnswer, host: CoordinatorHost): void {
    host.send(from, { type: "noted", attemptId: answer.attemptId });
    for (const ref of answer.dropped) this.drop(from, { kind: "cached", ...ref }, host);
    const attempt = book.end(this.attempts, answer.attemptId);
    book.free(this.attempts, from, answer.attemptId);
    if (attempt === undefined) return this.hearLate(answer, host);
    if (answer.type === "executed") this.complete(attempt, answer, host);
    else this.fail(attempt, answer, host);
  }

  /** Of an attempt that no longer counts: beaten by another, or its worker was taken for dead. */
  protected hearLate(answer: DatasetAnswer, host: CoordinatorHost): void {
    host.note("lateAnswerIgnored", answer.attemptId);
  }

  protected complete(
    attempt: Attempt,
    answer: DatasetAnswer & { type: "executed" },
    host: CoordinatorHost,
  ): void {
    const { kind, of, partition } = attempt.task;
    const job = this.queue[0] as Job;
    book.beat(this.attempts, attempt, host.nowMs);
    for (const ref of answer.cached) {
      const isAgain = notePartition(this.ledger, ref, attempt.worker);
      if (isAgain !== undefined)
        host.note("partitionCached", { ...ref, worker: attempt.worker, isAgain });
    }
    this.count(answer.additions);
    if (kind === "result") job.open.delete(partition);
    const isAgain = kind === "shuffle" && noteOutput(this.ledger, of, partition, attempt.worker);
    const { rows, bytes } = answer;
    host.note("taskDone", { ...told(attempt), rows, bytes, isAgain });
    if (!this.isPlain(job, attempt)) job.needs = undefined;
    else job.needs?.delete(attempt.key);
    if (job.open.size === 0) this.end(job, { kind: "done" }, host);
  }

  protected count(additions: readonly Addition[]): void {
    count(this.ledger, additions);
  }

  /** What else is missing is as it was: of the same stage, with more of it to come. */
  private isPlain({ needs }: Job, { key, task }: Attempt): boolean {
    let isMore = task.kind === "result";
    for (const need of needs?.values() ?? []) {
      if (need.kind === "result") continue;
      if (task.kind === "result" || need.of !== task.of) return false;
      if (need.key !== key) isMore = true;
    }
    return isMore;
  }

  private fail(
    attempt: Attempt,
    answer: DatasetAnswer & { type: "failed" },
    host: CoordinatorHost,
  ): void {
    const { reason, isFinal, lostInputs } = answer;
    host.note("attemptFailed", { ...told(attempt), reason });
    const job = this.queue[0] as Job;
    if (lostInputs !== undefined) {
      for (const lost of lostInputs) this.loseInput(lost, attempt, host);
      return;
    }
    const failures = (job.failures.get(attempt.key) ?? 0) + 1;
    job.failures.set(attempt.key, failures);
    if (!isFinal && failures < this.options.maxFailures) return;
    this.end(job, { kind: "failed", reason, isFinal }, host);
  }

  private loseInput(lost: LostInput, { task, worker }: Attempt, host: CoordinatorHost): void {
    if (lost.kind === "cached") return this.drop(worker, lost, host);
    const input = task.inputs.find(({ shuffle }) => shuffle === lost.shuffle);
    const holder = input?.workers[lost.partition];
    // Others may have told of it before, and it may be made again elsewhere by now.
    const current = this.ledger.shuffles.get(lost.shuffle)?.get(lost.partition);
    if (holder === current) this.lose(lost, host);
  }

  /** A worker no longer has it; another one may. */
  private drop(worker: NodeId, lost: LostInput & { kind: "cached" }, host: CoordinatorHost): void {
    const holder = this.ledger.cached.get(lost.step)?.get(lost.partition);
    if (holder === worker) this.lose(lost, host);
  }

  protected lose(lost: LostInput, host: CoordinatorHost): void {
    if (!forget(this.ledger, lost)) return;
    host.note("inputLost", lost);
    this.findNeedsAgain();
  }

  protected loseWorker(id: NodeId, host: CoordinatorHost): void {
    if (!this.workers.delete(id)) return;
    for (const { attemptId } of book.attemptsOf(this.attempts, id))
      book.end(this.attempts, attemptId);
    this.attempts.busy.delete(id);
    host.note("workerLost", { worker: id, ...forgetWorker(this.ledger, id) });
    this.findNeedsAgain();
  }

  private findNeedsAgain(): void {
    for (const job of this.queue) job.needs = undefined;
  }

  private check(host: CoordinatorHost): void {
    host.setTimer("check", this.options.checkMs);
    for (const [id, { heardMs }] of [...this.workers]) {
      if (host.nowMs - heardMs > this.options.leaseMs) this.loseWorker(id, host);
    }
  }

  /** Gives work to idle workers: what is ready and not in work; else a straggler's task again. */
  private proceed(host: CoordinatorHost): void {
    const job = this.queue[0];
    if (job === undefined) return;
    if (job.open.size === 0) return this.end(job, { kind: "done" }, host);
    const needs = this.needsNow(job, host.nowMs);
    for (const worker of this.workers.keys()) {
      if (book.isBusy(this.attempts, worker)) continue;
      const task = this.nextTask(job, worker, { needs, nowMs: host.nowMs });
      if (task !== undefined) this.assign(task, { worker, isBackup: false }, host);
      else this.assignBackup(job, worker, host);
    }
  }

  private needsNow(job: Job, nowMs: number): Need[] {
    if (job.needs === undefined) {
      const needs = this.needs(job.plan, [...job.open], this.ledger);
      job.needs = new Map(needs.map((need) => [need.key, need]));
      for (const { key, isReady } of needs) {
        if (!isReady) job.readySinceMs.delete(key);
        else if (!job.readySinceMs.has(key)) job.readySinceMs.set(key, nowMs);
      }
    }
    const isOpen = ({ key, isReady }: Need): boolean =>
      isReady && !book.isInWork(this.attempts, key);
    return [...job.needs.values()].filter(isOpen);
  }

  protected needs(plan: JobPlan, open: readonly number[], holdings: Holdings): Need[] {
    return needsOf(plan, open, holdings);
  }

  /** What this worker has the beginning of, else what no worker has, else what waited too long. */
  protected nextTask(
    job: Job,
    worker: NodeId,
    { needs, nowMs }: { needs: readonly Need[]; nowMs: number },
  ): DatasetTask | undefined {
    const isFree = ({ key }: Need): boolean => !book.isInWork(this.attempts, key);
    const free = needs.filter(isFree);
    const own = free.find(({ preferred }) => preferred === worker);
    const need = own ?? free.find(({ preferred }) => preferred === undefined);
    if (need !== undefined) return this.toTask(job, need, worker);
    const isLate = ({ key }: Need): boolean =>
      nowMs - (job.readySinceMs.get(key) ?? nowMs) >= this.options.localityWaitMs;
    for (const late of free.filter(isLate)) {
      const task = this.toTask(job, late, worker);
      if (task !== undefined) return task;
    }
    return undefined;
  }

  /** The task for that worker, with where its inputs lie; undefined when one is missing for it. */
  private toTask({ steps }: Job, need: Need, worker: NodeId): DatasetTask | undefined {
    const { kind, of, step, partition } = need;
    const { shuffles } = originOf(need, { steps, holdings: this.ledger, worker });
    const inputs = inputsOf(shuffles, { steps, holdings: this.ledger });
    return inputs && { kind, of, step, partition, inputs };
  }

  private assignBackup(job: Job, worker: NodeId, host: CoordinatorHost): void {
    const { backupFactor } = this.options;
    const slow = book.straggler(this.attempts, { backupFactor, nowMs: host.nowMs, worker });
    const need = slow && job.needs?.get(slow.key);
    const task = need && this.toTask(job, need, worker);
    if (task !== undefined) this.assign(task, { worker, isBackup: true }, host);
  }

  private assign(
    task: DatasetTask,
    { worker, isBackup }: { worker: NodeId; isBackup: boolean },
    host: CoordinatorHost,
  ): void {
    const attempt = book.begin(this.attempts, task, { worker, isBackup, sinceMs: host.nowMs });
    host.note(isBackup ? "backupStarted" : "attemptStarted", told(attempt));
    host.send(worker, { type: "assign", attemptId: attempt.attemptId, task });
  }

  private end(job: Job, result: Omit<DatasetOutcome, "job">, host: CoordinatorHost): void {
    this.queue.shift();
    this.attempts.byId.clear();
    const outcome: DatasetOutcome = { job: job.plan.job, ...result };
    this.outcomes.set(outcome.job, outcome);
    const oldest = [...this.outcomes.keys()][0] as number;
    if (this.outcomes.size > keptOutcomes) this.outcomes.delete(oldest);
    const sums = Object.fromEntries(this.ledger.sums);
    host.note("jobEnded", { ...outcome, sums });
    host.send(job.client, { type: "jobEnded", requestId: job.requestId, outcome });
  }
}

const keptOutcomes = 64;

/** An attempt as notes tell it. */
function told({ attemptId, key, worker, isBackup, task }: Attempt): object {
  const { kind, of, step, partition } = task;
  return { attemptId, key, worker, isBackup, kind, of, step, partition };
}
