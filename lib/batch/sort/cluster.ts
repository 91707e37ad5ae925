/**
 * The cluster on this machine: coordinator and workers as nodes on the main thread with real
 * timers, and an executor thread for each worker. A thread that dies is replaced.
 */
import { InputError, Random } from "../../basics";
import { step } from "../../protocol";
import type { Effect, Node, NodeId, Senses } from "../../protocol";
import { SortCoordinator } from "./control/coordinator";
import type { SortCoordinatorOptions, SortOutcome } from "./control/coordinator";
import type { SortMessage } from "./control/messages";
import { SortWorker } from "./control/worker";
import type { SortExecutor } from "./executor";

export interface SortNote {
  readonly atMs: number;
  readonly label: string;
  readonly detail: unknown;
}

export interface SortClusterOptions {
  readonly workers: number;
  readonly coordinator: Partial<SortCoordinatorOptions>;
  readonly signal?: AbortSignal;
  readonly onNote: (note: SortNote) => void;
}

type AnyNode = Node<SortMessage, string>;

const coordinatorId = "n0";
/** How many dead threads are replaced before the sort is given up. */
const replacementsPerWorker = 4;

/** Runs the sort to its end; rejects with the reason when it fails or is aborted. */
export async function runSortCluster(
  startExecutor: (worker: NodeId) => SortExecutor,
  options: SortClusterOptions,
): Promise<SortOutcome> {
  return new SortCluster(startExecutor, options).run();
}

class SortCluster {
  private readonly nodes = new Map<NodeId, AnyNode>();
  private readonly executors = new Map<NodeId, SortExecutor>();
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly startMs = performance.now();
  private readonly chance = new Random(1);
  private replacementsLeft: number;
  private nextWorker = 1;
  private settle: { done(outcome: SortOutcome): void; fail(error: Error): void } | undefined;

  constructor(
    private readonly startExecutor: (worker: NodeId) => SortExecutor,
    private readonly options: SortClusterOptions,
  ) {
    this.replacementsLeft = options.workers * replacementsPerWorker;
  }

  async run(): Promise<SortOutcome> {
    const { signal, coordinator, workers } = this.options;
    signal?.throwIfAborted();
    const ended = new Promise<SortOutcome>((done, fail) => (this.settle = { done, fail }));
    const abort = (): void => this.settle?.fail(signal?.reason as Error);
    signal?.addEventListener("abort", abort, { once: true });
    try {
      this.start(new SortCoordinator(coordinatorId, [], coordinator) as AnyNode);
      for (let i = 0; i < workers; i++) this.startWorker();
      return await ended;
    } finally {
      signal?.removeEventListener("abort", abort);
      await this.close();
    }
  }

  private startWorker(): void {
    const id = `n${this.nextWorker++}`;
    const executor = this.startExecutor(id);
    this.executors.set(id, executor);
    executor.onAnswer((answer) => this.deliver(`x${id}`, id, answer));
    executor.onExit((reason) => this.loseWorker(id, reason));
    this.start(new SortWorker(id, [coordinatorId]) as AnyNode);
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

  private deliver(from: NodeId, to: NodeId, message: SortMessage): void {
    const node = this.nodes.get(to);
    if (node === undefined) return;
    this.perform(node, step(node, { kind: "message", from, message }, this.senses()));
  }

  private senses(): Senses {
    return { nowMs: performance.now() - this.startMs, random: () => this.chance.next() };
  }

  private perform(node: AnyNode, effects: readonly Effect<SortMessage, string>[]): void {
    for (const effect of effects) {
      if (effect.kind === "send") this.send(node.id, effect.to, effect.message);
      else if (effect.kind === "setTimer") this.setTimer(node, effect.timer, effect.afterMs);
      else if (effect.kind === "cancelTimer") clearTimeout(this.timers.get(node.id + effect.timer));
      else if (effect.kind === "note") this.note(effect.label, effect.detail);
    }
  }

  private send(from: NodeId, to: NodeId, message: SortMessage): void {
    if (message.type === "execute") this.executors.get(from)?.execute(message);
    else setImmediate(() => this.deliver(from, to, message));
  }

  private setTimer(node: AnyNode, timer: string, afterMs: number): void {
    const key = node.id + timer;
    clearTimeout(this.timers.get(key));
    const ring = (): void => {
      if (this.nodes.get(node.id) !== node) return;
      this.perform(node, step(node, { kind: "timer", timer }, this.senses()));
    };
    this.timers.set(key, setTimeout(ring, afterMs));
  }

  private note(label: string, detail: unknown): void {
    this.options.onNote({ atMs: performance.now() - this.startMs, label, detail });
    if (label !== "sortDone" && label !== "sortFailed") return;
    const outcome = detail as SortOutcome;
    if (label === "sortDone") this.settle?.done(outcome);
    else if (outcome.isFinal) this.settle?.fail(new InputError(outcome.reason));
    else this.settle?.fail(new Error(`the sort failed: ${outcome.reason}`));
  }

  private async close(): Promise<void> {
    this.nodes.clear();
    for (const timer of this.timers.values()) clearTimeout(timer);
    const executors = [...this.executors.values()];
    this.executors.clear();
    await Promise.all(executors.map((executor) => executor.stop()));
  }
}
