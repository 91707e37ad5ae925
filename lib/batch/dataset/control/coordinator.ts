/**
 * The coordinator of data sets: computes what a job's lineage lacks, stage by stage, each task near
 * the cached partition it begins with, and what a dead worker held again as far as it is needed.
 *
 * Source: M. Zaharia et al., "Resilient Distributed Datasets", NSDI 2012, sections 2.1, 4, 5.1 and
 * 5.3. Ours starts a stage's task by what it reads, not stage by stage; backups as in MapReduce;
 * each change is saved, so that a coordinator that was restarted goes on.
 * Assumes: workers and coordinator crash, its disk survives, messages are lost or repeated; steps
 * compute the same rows each time.
 * Guarantees: a job ends while a worker lives, each wanted partition handed over once; nothing is
 * computed that is still there; an accumulator counts each partition of a step once.
 * Cost: 3 messages, 3 saves a task, one heartbeat a worker every `heartbeatMs`; O(tasks) a loss.
 */
import type { Event, Host, Node, NodeId } from "../../../protocol";
import { firstAttemptId, lifeAfter, savedWorkers, workerKey } from "../../coordinator-lives";
import type { Saved } from "../../coordinator-lives";
import type { Heartbeat } from "../../task-worker";
import * as book from "./attempts";
import { told } from "./attempts";
import type { Attempt, Attempts } from "./attempts";
import { isPlain, makeJob, setNeeds } from "./job";
import type { Job } from "./job";
import { inputsOf, needsOf, originOf } from "./lineage";
import type { Holdings, Need } from "./lineage";
import { count, forget, forgetWorker, makeLedger, noteOutput, notePartition } from "./ledger";
import { heldOf, restoreLedger } from "./ledger";
import type { Ledger } from "./ledger";
import type {
  Addition,
  DatasetAnswer,
  DatasetMessage,
  DatasetOutcome,
  DatasetTask,
  JobPlan,
  LostInput,
} from "./messages";
import { defaultOptions } from "./options";
import type { DatasetCoordinatorOptions } from "./options";
import * as state from "./saved-state";

export type CoordinatorHost = Host<DatasetMessage, "check">;

export class DatasetCoordinator implements Node<DatasetMessage, "check"> {
  protected readonly options: DatasetCoordinatorOptions;
  protected readonly ledger: Ledger = makeLedger();
  protected readonly attempts: Attempts = book.makeAttempts();
  private readonly workers = new Map<NodeId, { heardMs: number; incarnation: number }>();
  private readonly queue: Job[] = [];
  private nextJob = 1;
  /** Attempts that are saved as in work. */
  private readonly savedAttempts = new Set<number>();
  /** Of the last jobs, should their client ask again. */
  private readonly outcomes = new Map<number, DatasetOutcome>();

  constructor(
    readonly id: NodeId,
    _peers: readonly NodeId[],
    options: Partial<DatasetCoordinatorOptions> = {},
  ) {
    this.options = { ...defaultOptions, ...options };
  }

  handle(event: Event<DatasetMessage, "check">, host: CoordinatorHost): void {
    if (event.kind === "start") this.start(event.saved, host);
    if (event.kind === "message") this.hear(event.from, event.message, host);
    else this.check(host);
    this.proceed(host);
    this.save(host);
    for (const id of this.savedAttempts) {
      if (this.attempts.byId.has(id)) continue;
      this.savedAttempts.delete(id);
      host.save(state.attemptKey(id), undefined);
    }
  }

  private start(saved: Saved, host: CoordinatorHost): void {
    const life = lifeAfter(saved);
    host.save("life", life);
    if (life > 0) this.resume(saved, life, host);
  }

  /** Workers tell what they do with their next heartbeat, and what they have done until noted. */
  protected resume(saved: Saved, life: number, host: CoordinatorHost): void {
    this.attempts.nextId = firstAttemptId(life);
    this.restoreHoldings(saved);
    for (const [id, incarnation] of savedWorkers(saved)) {
      this.workers.set(id, { heardMs: host.nowMs, incarnation });
    }
    for (const outcome of state.savedOutcomes(saved)) this.outcomes.set(outcome.job, outcome);
    for (const job of state.savedJobs(saved)) this.queue.push(makeJob(job));
    this.nextJob = (this.queue.at(-1)?.number ?? 0) + 1;
    for (const attempt of state.savedAttempts(saved, host.nowMs)) {
      this.savedAttempts.add(attempt.attemptId);
      if (this.isOpen(attempt)) book.restore(this.attempts, attempt);
    }
    const jobs = this.queue.map(({ plan, open }) => ({ job: plan.job, open: [...open] }));
    host.note("coordinatorResumed", { life, jobs, there: heldOf(this.ledger) });
  }

  protected restoreHoldings(saved: Saved): void {
    restoreLedger(this.ledger, saved);
  }

  /** Neither done nor of a job or a worker that is gone. */
  private isOpen({ task, worker }: Attempt): boolean {
    const [job] = this.queue;
    if (job === undefined || !this.workers.has(worker)) return false;
    const { kind, of, partition } = task;
    if (kind === "result") return of === job.plan.job && job.open.has(partition);
    return this.ledger.shuffles.get(of)?.has(partition) !== true;
  }

  /** To be called before anybody is told that something is done. */
  private save(host: CoordinatorHost): void {
    const { changes } = this.ledger;
    for (const [key, value] of changes) host.save(key, value);
    changes.clear();
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
        return this.cancel(message.job, host);
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
    const number = this.nextJob++;
    host.save(state.jobKey(number), { plan, requestId, client });
    const open = new Set(plan.partitions);
    this.queue.push(makeJob({ plan, requestId, client, number, open }));
    host.note("jobSubmitted", plan.job);
  }

  private cancel(job: number, host: CoordinatorHost): void {
    const at = this.queue.findIndex(({ plan }) => plan.job === job);
    if (at < 0) return;
    for (const cancelled of this.queue.splice(at, 1)) this.forgetJob(cancelled, host);
    if (at === 0) this.attempts.byId.clear();
  }

  private forgetJob({ number, plan, open }: Job, host: CoordinatorHost): void {
    this.save(host);
    host.save(state.jobKey(number), undefined);
    for (const partition of plan.partitions) {
      if (!open.has(partition)) host.save(state.resultKey(plan.job, partition), undefined);
    }
  }

  private hearHeartbeat(from: NodeId, beat: Heartbeat, host: CoordinatorHost): void {
    const known = this.workers.get(from);
    // A worker that came back has forgotten its tasks and its cache, and its disk may be gone.
    if (known !== undefined && known.incarnation !== beat.incarnation) this.loseWorker(from, host);
    if (!this.workers.has(from)) {
      host.note("workerJoined", from);
      host.save(workerKey(from), beat.incarnation);
    }
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

  /** What is saved before `noted` is sent is durable before the worker forgets it. */
  protected hearEnded(from: NodeId, answer: DatasetAnswer, host: CoordinatorHost): void {
    this.take(from, answer, host);
    this.save(host);
    host.send(from, { type: "noted", attemptId: answer.attemptId });
  }

  private take(from: NodeId, answer: DatasetAnswer, host: CoordinatorHost): void {
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
    // In this order: when all of it is not saved, the answer is taken once more after a restart.
    this.count(answer.additions);
    for (const ref of answer.cached) {
      const isAgain = notePartition(this.ledger, ref, attempt.worker);
      if (isAgain !== undefined)
        host.note("partitionCached", { ...ref, worker: attempt.worker, isAgain });
    }
    if (kind === "result") {
      job.open.delete(partition);
      this.ledger.changes.set(state.resultKey(of, partition), true);
    }
    const isAgain = kind === "shuffle" && noteOutput(this.ledger, of, partition, attempt.worker);
    const { rows, bytes } = answer;
    host.note("taskDone", { ...told(attempt), rows, bytes, isAgain });
    if (!isPlain(job, attempt)) job.needs = undefined;
    else job.needs?.delete(attempt.key);
    if (job.open.size === 0) this.end(job, { kind: "done" }, host);
  }

  protected count(additions: readonly Addition[]): void {
    count(this.ledger, additions);
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
    host.save(workerKey(id), undefined);
    const areOutputsShared = this.options.outputsAt === "shared";
    host.note("workerLost", { worker: id, ...forgetWorker(this.ledger, id, { areOutputsShared }) });
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
      setNeeds(job, this.needs(job.plan, [...job.open], this.ledger), nowMs);
    }
    const isOpen = ({ key, isReady }: Need): boolean =>
      isReady && !book.isInWork(this.attempts, key);
    return [...(job.needs ?? new Map<string, Need>()).values()].filter(isOpen);
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
    this.savedAttempts.add(attempt.attemptId);
    host.save(state.attemptKey(attempt.attemptId), state.savedAttempt(attempt));
    host.note(isBackup ? "backupStarted" : "attemptStarted", told(attempt));
    host.send(worker, { type: "assign", attemptId: attempt.attemptId, task });
  }

  private end(job: Job, result: Omit<DatasetOutcome, "job">, host: CoordinatorHost): void {
    this.queue.shift();
    this.attempts.byId.clear();
    const outcome: DatasetOutcome = { job: job.plan.job, ...result };
    this.keepOutcome(outcome, host);
    this.forgetJob(job, host);
    const sums = Object.fromEntries(this.ledger.sums);
    host.note("jobEnded", { ...outcome, sums });
    host.send(job.client, { type: "jobEnded", requestId: job.requestId, outcome });
  }

  private keepOutcome(outcome: DatasetOutcome, host: CoordinatorHost): void {
    this.save(host);
    host.save(state.outcomeKey(outcome.job), outcome);
    this.outcomes.set(outcome.job, outcome);
    const oldest = [...this.outcomes.keys()][0] as number;
    if (this.outcomes.size <= keptOutcomes) return;
    this.outcomes.delete(oldest);
    host.save(state.outcomeKey(oldest), undefined);
  }
}

const keptOutcomes = 64;
