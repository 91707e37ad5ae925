/** Runs jobs of a session on its threads, one after the other, and hands their results over. */
import { mkdirSync, rmSync } from "fs";
import { join } from "path";
import { InputError } from "../../basics";
import { LocalCluster } from "../local-cluster";
import type { ControlNote } from "../local-cluster";
import { TaskWorker } from "../task-worker";
import { DatasetCoordinator } from "./control/coordinator";
import type { DatasetCoordinatorOptions } from "./control/options";
import type { DatasetMessage, DatasetOutcome, PartitionRef } from "./control/messages";
import { readRows, writeRows } from "./data-plane/row-file";
import { resultFile } from "./data-plane/result-files";
import type { Action } from "./data-plane/run-task";
import type { DatasetOrder } from "./data-plane/serve";
import { DatasetExecutor } from "./executor";
import type { JobReport } from "./job-report";
import { reportOf } from "./report-of";
import { ancestry, broadcastsOf, planOf, shipStep, usesModule } from "./lineage";
import type { Lineage } from "./lineage";
import type { ActionOptions } from "./options";
import { stagesOf } from "./plan/stages";
import { checkStep, isWorthSaving, keptOutputs } from "./session-work";
import type { SessionWork } from "./session-work";
import type { Accumulator, Broadcast } from "./variables";

export interface JobsSetUp {
  readonly workers: number;
  readonly cacheBytes: number;
  readonly memoryBytes: number;
  readonly work: SessionWork;
  readonly coordinator?: Partial<DatasetCoordinatorOptions>;
  readonly onExecutor?: (worker: string, executor: { stop(): Promise<void> }) => void;
}

export interface JobRequest {
  readonly target: Lineage;
  readonly partitions: readonly number[];
  readonly action: Action;
  /** Told each partition's result as it comes, with the worker that has it. */
  readonly onResult: (rows: readonly unknown[], partition: number, worker: string) => void;
}

interface Running {
  readonly job: number;
  readonly request: JobRequest;
  readonly options: ActionOptions;
  readonly notes: ControlNote[];
  /** Tasks for shuffles: in all, and done. */
  readonly shares: number;
  shared: number;
  /** Tasks of the action that are done. */
  done: number;
  settle(outcome: DatasetOutcome | Error): void;
}

/** A lease is not needed here: the host sees a thread end. */
const localOptions = { leaseMs: 86_400_000, checkMs: 100 };
const mostWaiting = 10_000;

export class Jobs {
  lastJob: JobReport | undefined;
  private cluster: LocalCluster<DatasetExecutor> | undefined;
  private readonly executors = new Map<string, DatasetExecutor>();
  /** What a thread has to know, in order; a new one hears all of it. */
  private readonly orders: DatasetOrder[] = [];
  private readonly known = new Set<number>();
  private readonly broadcasts = new Map<number, Broadcast<unknown>>();
  private readonly accumulators = new Map<number, Accumulator>();
  private running: Running | undefined;
  private jobOrder: DatasetOrder | undefined;
  private last: Promise<unknown> = Promise.resolve();
  private waiting = 0;
  private ids = 0;
  private stores = 0;
  private broadcastsSent = 0;
  private hasModules = false;
  private isClosed = false;
  private hasFailed = false;
  /** By shuffle: of an earlier process, and not made again since. */
  private readonly kept: Map<number, Set<number>>;

  constructor(private readonly setUp: JobsSetUp) {
    this.kept = keptOutputs(setUp.work.saved);
  }

  get workers(): number {
    return this.setUp.workers;
  }

  nextId(): number {
    return ++this.ids;
  }

  keepBroadcast(broadcast: Broadcast<unknown>): void {
    this.broadcasts.set(broadcast.id, broadcast);
  }

  keepAccumulator(accumulator: Accumulator): void {
    this.accumulators.set(accumulator.id, accumulator);
  }

  /** Rows of the program as files that all workers read. */
  store(rows: readonly unknown[], partitions: number): string[] {
    if (this.isClosed) throw new InputError("the session is closed: open another one");
    const folder = join(this.setUp.work.folder, `array-${++this.stores}`);
    mkdirSync(folder);
    return Array.from({ length: partitions }, (_, i) => {
      const file = join(folder, `${i}`);
      const from = Math.floor((rows.length * i) / partitions);
      const to = Math.floor((rows.length * (i + 1)) / partitions);
      writeRows(file, rows.slice(from, to));
      return file;
    });
  }

  /** Rejects with the reason when the job fails or is aborted. */
  run(request: JobRequest, options: ActionOptions = {}): Promise<JobReport> {
    if (this.isClosed) return Promise.reject(new InputError("the session is closed"));
    if (++this.waiting > mostWaiting) {
      return Promise.reject(new InputError(`more than ${mostWaiting} jobs wait: await some`));
    }
    const result = this.last.then(() => this.runNow(request, options));
    result.then(
      () => (this.hasFailed = false),
      () => (this.hasFailed = true),
    );
    this.last = result.catch(() => undefined).then(() => void this.waiting--);
    return result;
  }

  /** Partitions in caches are forgotten: they are computed again when they are needed. */
  dropCached(lineage: Lineage, partitions?: readonly number[]): void {
    const all = partitions ?? Array.from({ length: lineage.partitions }, (_, i) => i);
    const cached = all.map((partition): PartitionRef => ({ step: lineage.id, partition }));
    for (const executor of this.executors.values()) {
      executor.order({ type: "dropCached", refs: cached });
    }
    this.tell({ type: "forget", cached });
  }

  /** Tells whether the last job ended well, or there was none. */
  async close(): Promise<boolean> {
    this.isClosed = true;
    this.running?.settle(new InputError("the session was closed while a job ran"));
    await this.last;
    await this.cluster?.close((executor) => executor.release({ isKept: !this.hasModules }));
    return !this.hasFailed;
  }

  private async runNow(request: JobRequest, options: ActionOptions): Promise<JobReport> {
    const { signal } = options;
    signal?.throwIfAborted();
    const startMs = performance.now();
    this.begin(request);
    const job = this.nextId();
    const { target, partitions, action } = request;
    const notes: ControlNote[] = [];
    const abort = (): void => this.running?.settle(signal?.reason as Error);
    signal?.addEventListener("abort", abort, { once: true });
    try {
      const outcome = await new Promise<DatasetOutcome>((done, fail) => {
        const settle = (how: DatasetOutcome | Error): void =>
          how instanceof Error || !("kind" in how) ? fail(how) : done(how);
        const shares = sharesOf(target);
        this.running = { job, request, options, notes, shares, shared: 0, done: 0, settle };
        this.orderAll((this.jobOrder = { type: "job", job, action }));
        this.tell({ type: "submit", requestId: job, plan: planOf(job, target, partitions) });
      });
      if (outcome.kind === "failed") throw failure(outcome);
      const { broadcastsSent } = this;
      const measured = { elapsedMs: performance.now() - startMs, broadcastsSent };
      const outputsKept = this.countKept(target);
      return (this.lastJob = reportOf(target, notes, { ...measured, outputsKept }));
    } finally {
      signal?.removeEventListener("abort", abort);
      this.running = undefined;
      this.tell({ type: "cancel", job });
      if (signal?.aborted === true) await this.stopBusy();
    }
  }

  private countKept(target: Lineage): number {
    const shuffles = stagesOf(target).map(({ shuffle }) => shuffle ?? -1);
    return shuffles.reduce((sum, shuffle) => sum + (this.kept.get(shuffle)?.size ?? 0), 0);
  }

  /** The threads, and what they have to know for this job. */
  private begin({ target }: JobRequest): void {
    this.broadcastsSent = 0;
    const fresh = ancestry(target).filter(({ id }) => !this.known.has(id));
    const steps = fresh.map(shipStep);
    const broadcastOf = (id: number): unknown => this.broadcasts.get(id)?.value;
    for (const step of steps) checkStep(this.setUp.work, step, broadcastOf);
    if (steps.some(usesModule)) this.hasModules = true;
    for (const id of new Set(steps.flatMap(broadcastsOf))) this.sendBroadcast(id);
    if (steps.length > 0) this.teach({ type: "steps", steps });
    for (const { id } of fresh) this.known.add(id);
    if (this.cluster === undefined) {
      this.cluster = this.startCluster();
      this.cluster.start();
    } else this.cluster.renew();
  }

  private sendBroadcast(id: number): void {
    const isSent = this.orders.some((order) => order.type === "broadcast" && order.id === id);
    if (isSent) return;
    this.broadcastsSent += this.executors.size;
    this.teach({ type: "broadcast", id, value: this.broadcasts.get(id)?.value });
  }

  private teach(order: DatasetOrder): void {
    this.orders.push(order);
    this.orderAll(order);
  }

  private orderAll(order: DatasetOrder): void {
    for (const executor of this.executors.values()) executor.order(order);
  }

  private startCluster(): LocalCluster<DatasetExecutor> {
    const { workers, coordinator, work } = this.setUp;
    const { journal, saved, firstWorker } = work;
    const outputsAt = journal === undefined ? "worker" : "shared";
    const options = { ...localOptions, ...coordinator, outputsAt } as const;
    return new LocalCluster<DatasetExecutor>({
      ...{ workers, firstWorker, saved },
      onSave: (key, value) => {
        try {
          if (isWorthSaving(key)) journal?.save(key, value);
        } catch (error) {
          this.running?.settle(error as Error);
        }
      },
      coordinator: (id) => new DatasetCoordinator(id, [], options),
      worker: (id, coordinatorId) => new TaskWorker(id, [coordinatorId]),
      startExecutor: (worker) => this.startExecutor(worker),
      onNote: (note) => this.hear(note),
      onAllDead: (reason) => this.running?.settle(new Error(`all workers died: ${reason}`)),
    });
  }

  private startExecutor(worker: string): DatasetExecutor {
    const { onExecutor, work, memoryBytes, cacheBytes } = this.setUp;
    const setUp = { worker, sessionFolder: work.folder, memoryBytes, cacheBytes };
    const executor = new DatasetExecutor(setUp, work.journal !== undefined);
    for (const order of this.orders) {
      executor.order(order);
      if (order.type === "broadcast") this.broadcastsSent++;
    }
    if (this.jobOrder !== undefined) executor.order(this.jobOrder);
    this.executors.set(worker, executor);
    executor.onExit(() => void this.executors.delete(worker));
    onExecutor?.(worker, executor);
    return executor;
  }

  private tell(message: DatasetMessage): void {
    this.cluster?.tell(message);
  }

  private hear(note: ControlNote): void {
    const { running } = this;
    if (running === undefined) return;
    running.notes.push(note);
    if (note.label === "taskDone") this.takeDone(running, note.detail as TaskDone);
    if (note.label !== "jobEnded") return;
    const outcome = note.detail as DatasetOutcome & { sums: Readonly<Record<string, number>> };
    if (outcome.job !== running.job) return;
    for (const [id, sum] of Object.entries(outcome.sums)) {
      this.accumulators.get(Number(id))?.receive(sum);
    }
    running.settle(outcome);
  }

  private takeDone(running: Running, task: TaskDone): void {
    const { request, options, shares } = running;
    if (task.kind === "shuffle") this.kept.get(task.of)?.delete(task.partition);
    if (task.kind === "shuffle") running.shared = Math.min(shares, running.shared + 1);
    else if (task.of === running.job && this.takeResult(running, task)) {
      running.shared = shares;
      running.done++;
    }
    options.onProgress?.(running.shared + running.done, shares + request.partitions.length);
  }

  private takeResult({ request, job, settle }: Running, task: TaskDone): boolean {
    const { partition, worker } = task;
    try {
      const rows: unknown[] = [];
      if (request.action.kind !== "files") {
        const file = resultFile(join(this.setUp.work.folder, worker), job, partition);
        readRows(file, (chunk) => chunk.forEach((row) => rows.push(row)));
        rmSync(file);
      }
      request.onResult(rows, partition, worker);
      return true;
    } catch (error) {
      settle(error as Error);
      return false;
    }
  }

  /** What an aborted job left running cannot be stopped but with its thread; another takes over. */
  private async stopBusy(): Promise<void> {
    const busy = [...this.executors.values()].filter(({ isBusy }) => isBusy);
    await Promise.all(busy.map((executor) => executor.stop()));
  }
}

interface TaskDone {
  readonly kind: "shuffle" | "result";
  readonly of: number;
  readonly partition: number;
  readonly worker: string;
}

/** Tasks of all stages but the last. */
function sharesOf(target: Lineage): number {
  return stagesOf(target).reduce((sum, { shuffle, partitions }) => {
    return shuffle === undefined ? sum : sum + partitions;
  }, 0);
}

function failure({ reason = "", isFinal }: DatasetOutcome): Error {
  return isFinal === true ? new InputError(reason) : new Error(`the job failed: ${reason}`);
}
