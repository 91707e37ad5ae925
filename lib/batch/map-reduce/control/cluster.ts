/**
 * The cluster on this machine: Coordinator and Worker nodes on the main thread with real timers,
 * and an executor thread for each worker. A thread that dies is a machine that is gone.
 */
import type { Effect, Node, NodeId, Senses } from "../../../protocol";
import { Random } from "../../../basics";
import { step } from "../../../protocol";
import type { Executor } from "../tasks";
import { Coordinator } from "./coordinator";
import type { CoordinatorOptions } from "./coordinator";
import type { ControlMessage, JobOutcome, Plan } from "./messages";
import { MapReduceWorker } from "./worker";

/** One thing that happened, for figures: attempts started and ended, workers lost. */
export interface ControlNote {
  readonly atMs: number;
  readonly label: string;
  readonly detail: unknown;
}

export interface ClusterOptions {
  /** Threads that execute tasks. */
  readonly workers: number;
  readonly coordinator?: Partial<Omit<CoordinatorOptions, "plan">>;
  readonly signal?: AbortSignal;
  /** Told after each task: tasks done, tasks in all. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Called when the job is done, while the workers' disks are still there. */
  readonly collect?: (result: ClusterResult) => void | Promise<void>;
}

export interface ClusterResult extends JobOutcome {
  readonly notes: readonly ControlNote[];
}

/** How many dead workers are replaced before the job is given up. */
const replacementsPerWorker = 4;
const coordinatorId = "n0";

/** Runs the plan to its end. Rejects with the reason when the job fails or is aborted. */
export function runCluster(
  plan: Plan,
  startExecutor: (worker: NodeId) => Executor,
  options: ClusterOptions,
): Promise<ClusterResult> {
  return new Cluster(plan, startExecutor, options).run();
}

type AnyNode = Node<ControlMessage, string>;

class Cluster {
  private readonly nodes = new Map<NodeId, AnyNode>();
  private readonly executors = new Map<NodeId, Executor>();
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly notes: ControlNote[] = [];
  private readonly startMs = performance.now();
  private readonly chance = new Random(1);
  private replacementsLeft: number;
  private nextWorker = 1;
  private tasksDone = 0;
  private settle: { done(): void; fail(error: Error): void } | undefined;
  private outcome: JobOutcome | undefined;

  constructor(
    private readonly plan: Plan,
    private readonly startExecutor: (worker: NodeId) => Executor,
    private readonly options: ClusterOptions,
  ) {
    this.replacementsLeft = options.workers * replacementsPerWorker;
  }

  async run(): Promise<ClusterResult> {
    const ended = new Promise<void>((resolve, reject) => {
      this.settle = { done: resolve, fail: reject };
    });
    const abort = (): void => this.settle?.fail(this.options.signal?.reason as Error);
    this.options.signal?.throwIfAborted();
    this.options.signal?.addEventListener("abort", abort, { once: true });
    try {
      const { plan } = this;
      this.start(
        new Coordinator(coordinatorId, [], { ...this.options.coordinator, plan }) as AnyNode,
      );
      for (let i = 0; i < this.options.workers; i++) this.startWorker();
      await ended;
      const result = { ...(this.outcome as JobOutcome), notes: this.notes };
      await this.options.collect?.(result);
      await this.close((executor) => executor.release());
      return result;
    } finally {
      this.options.signal?.removeEventListener("abort", abort);
      await this.close((executor) => executor.stop());
    }
  }

  private startWorker(): void {
    const id = `n${this.nextWorker++}`;
    const executor = this.startExecutor(id);
    this.executors.set(id, executor);
    executor.onAnswer((answer) => this.deliver(`x${id}`, id, answer));
    executor.onExit((reason) => this.loseWorker(id, reason));
    this.start(new MapReduceWorker(id, [coordinatorId]) as AnyNode);
  }

  private loseWorker(id: NodeId, reason: string): void {
    if (!this.executors.delete(id)) return;
    this.nodes.delete(id);
    this.note("executorDied", { worker: id, reason });
    this.deliver("host", coordinatorId, { type: "workerLost", worker: id });
    if (this.replacementsLeft-- > 0) this.startWorker();
    else if (this.executors.size === 0) this.settle?.fail(new Error(`all workers died: ${reason}`));
  }

  private start(node: AnyNode): void {
    this.nodes.set(node.id, node);
    this.perform(node, step(node, { kind: "start", saved: {} }, this.senses()));
  }

  private deliver(from: NodeId, to: NodeId, message: ControlMessage): void {
    const node = this.nodes.get(to);
    if (node === undefined) return;
    const event = { kind: "message", from, message } as const;
    this.perform(node, step(node, event, this.senses()));
  }

  private senses(): Senses {
    return { nowMs: performance.now() - this.startMs, random: () => this.chance.next() };
  }

  private perform(node: AnyNode, effects: readonly Effect<ControlMessage, string>[]): void {
    for (const effect of effects) {
      if (effect.kind === "send") this.send(node.id, effect.to, effect.message);
      else if (effect.kind === "setTimer") this.setTimer(node, effect.timer, effect.afterMs);
      else if (effect.kind === "cancelTimer")
        clearTimeout(this.timers.get(timerKey(node, effect.timer)));
      else if (effect.kind === "note") this.note(effect.label, effect.detail);
    }
  }

  private send(from: NodeId, to: NodeId, message: ControlMessage): void {
    if (message.type === "execute") this.executors.get(from)?.execute(message);
    else setImmediate(() => this.deliver(from, to, message));
  }

  private setTimer(node: AnyNode, timer: string, afterMs: number): void {
    const key = timerKey(node, timer);
    clearTimeout(this.timers.get(key));
    const ring = (): void => {
      if (this.nodes.get(node.id) !== node) return;
      this.perform(node, step(node, { kind: "timer", timer }, this.senses()));
    };
    this.timers.set(key, setTimeout(ring, afterMs));
  }

  private note(label: string, detail: unknown): void {
    this.notes.push({ atMs: performance.now() - this.startMs, label, detail });
    const total = this.plan.splits.length + this.plan.partitions;
    if (label === "taskDone") this.options.onProgress?.(++this.tasksDone, total);
    if (label === "taskRedone") this.tasksDone--;
    if (label !== "jobDone" && label !== "jobFailed") return;
    this.outcome = detail as JobOutcome;
    if (label === "jobDone") this.settle?.done();
    else this.settle?.fail(new Error(`the job failed: ${this.outcome.reason}`));
  }

  private async close(end: (executor: Executor) => Promise<void>): Promise<void> {
    this.nodes.clear();
    for (const timer of this.timers.values()) clearTimeout(timer);
    const executors = [...this.executors.values()];
    this.executors.clear();
    await Promise.all(executors.map(end));
  }
}

function timerKey(node: AnyNode, timer: string): string {
  return `${node.id}/${timer}`;
}
