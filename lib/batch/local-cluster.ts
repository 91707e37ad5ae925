/**
 * The control plane of an engine on this machine: coordinator and workers as nodes on the main
 * thread, with real timers, and an executor for each worker. An executor that dies is a machine
 * that is gone; another worker takes its place.
 *
 * Assumes: the coordinator's protocol has the messages `execute`, which a worker sends for its
 * executor, and `workerLost`; an executor's answers are messages to its worker.
 */
import { Random } from "../basics";
import { step } from "../protocol";
import type { Effect, Message, Node, NodeId, Senses } from "../protocol";
import { savedWorkers } from "./coordinator-lives";
import type { Saved } from "./coordinator-lives";

/** What a worker's thread is to the control plane. */
export interface LocalExecutor<Request, Answer> {
  execute(request: Request): void;
  onAnswer(listener: (answer: Answer) => void): void;
  /** Called once when the executor dies by itself or is killed. */
  onExit(listener: (reason: string) => void): void;
  /** Kills it. */
  stop(): Promise<void>;
}

/** One thing that happened, for figures: attempts started and ended, workers lost. */
export interface ControlNote {
  readonly atMs: number;
  readonly label: string;
  readonly detail: unknown;
}

type ControlMessage = Message | { readonly type: "workerLost"; readonly worker: NodeId };
type AnyNode = Node<Message, string>;

export interface LocalClusterParts<E extends LocalExecutor<never, Message>> {
  readonly workers: number;
  readonly coordinator: (id: NodeId) => unknown;
  readonly worker: (id: NodeId, coordinator: NodeId) => unknown;
  readonly startExecutor: (worker: NodeId) => E;
  readonly onNote: (note: ControlNote) => void;
  /** What the coordinator of an earlier process had saved; its workers are all lost. */
  readonly saved?: Saved;
  /** Called at each save of the coordinator; default: the cluster lives as long as the process. */
  readonly onSave?: (key: string, value: unknown) => void;
  /** The number of the first worker; default 1. */
  readonly firstWorker?: number;
  /** No executor is left, and none is to be replaced any more. */
  readonly onAllDead: (reason: string) => void;
}

/** How many dead workers are replaced before the work is given up. */
const replacementsPerWorker = 4;
const coordinatorId = "n0";

export class LocalCluster<E extends LocalExecutor<never, Message>> {
  private readonly nodes = new Map<NodeId, AnyNode>();
  private readonly executors = new Map<NodeId, E>();
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly startMs = performance.now();
  private readonly chance = new Random(1);
  private replacementsLeft: number;
  private nextWorker: number;

  constructor(private readonly parts: LocalClusterParts<E>) {
    this.replacementsLeft = parts.workers * replacementsPerWorker;
    this.nextWorker = parts.firstWorker ?? 1;
  }

  start(): void {
    const { saved = {} } = this.parts;
    this.startNode(this.parts.coordinator(coordinatorId) as AnyNode, saved);
    for (const worker of savedWorkers(saved).keys()) this.tell({ type: "workerLost", worker });
    for (let i = 0; i < this.parts.workers; i++) this.startWorker();
  }

  /** The coordinator hears a message from the engine's user. */
  tell(message: ControlMessage): void {
    this.deliver("host", coordinatorId, message);
  }

  /** Other work begins: who died for the last one is replaced, and as many again may be. */
  renew(): void {
    this.replacementsLeft = this.parts.workers * replacementsPerWorker;
    while (this.executors.size < this.parts.workers) this.startWorker();
  }

  /** Nothing happens any more; each executor is ended in the given way. */
  async close(end: (executor: E) => Promise<void>): Promise<void> {
    this.nodes.clear();
    for (const timer of this.timers.values()) clearTimeout(timer);
    const executors = [...this.executors.values()];
    this.executors.clear();
    await Promise.all(executors.map(end));
  }

  private startWorker(): void {
    const id = `n${this.nextWorker++}`;
    const executor = this.parts.startExecutor(id);
    this.executors.set(id, executor);
    executor.onAnswer((answer) => this.deliver(`x${id}`, id, answer));
    executor.onExit((reason) => this.loseWorker(id, reason));
    this.startNode(this.parts.worker(id, coordinatorId) as AnyNode);
  }

  private loseWorker(id: NodeId, reason: string): void {
    if (!this.executors.delete(id)) return;
    this.nodes.delete(id);
    this.note("executorDied", { worker: id, reason });
    this.deliver("host", coordinatorId, { type: "workerLost", worker: id });
    if (this.replacementsLeft-- > 0) this.startWorker();
    else if (this.executors.size === 0) this.parts.onAllDead(reason);
  }

  private startNode(node: AnyNode, saved: Saved = {}): void {
    this.nodes.set(node.id, node);
    this.perform(node, step(node, { kind: "start", saved }, this.senses()));
  }

  private deliver(from: NodeId, to: NodeId, message: ControlMessage): void {
    const node = this.nodes.get(to);
    if (node === undefined) return;
    this.perform(node, step(node, { kind: "message", from, message }, this.senses()));
  }

  private senses(): Senses {
    return { nowMs: performance.now() - this.startMs, random: () => this.chance.next() };
  }

  private perform(node: AnyNode, effects: readonly Effect<Message, string>[]): void {
    for (const effect of effects) {
      if (effect.kind === "send") this.send(node.id, effect.to, effect.message);
      else if (effect.kind === "setTimer") this.setTimer(node, effect.timer, effect.afterMs);
      else if (effect.kind === "cancelTimer") clearTimeout(this.timers.get(keyOf(node, effect)));
      else if (effect.kind === "note") this.note(effect.label, effect.detail);
      else if (node.id === coordinatorId) this.parts.onSave?.(effect.key, effect.value);
    }
  }

  private send(from: NodeId, to: NodeId, message: Message): void {
    if (message.type === "execute") this.executors.get(from)?.execute(message as never);
    else setImmediate(() => this.deliver(from, to, message));
  }

  private setTimer(node: AnyNode, timer: string, afterMs: number): void {
    const key = keyOf(node, { timer });
    clearTimeout(this.timers.get(key));
    const ring = (): void => {
      if (this.nodes.get(node.id) !== node) return;
      this.perform(node, step(node, { kind: "timer", timer }, this.senses()));
    };
    this.timers.set(key, setTimeout(ring, afterMs));
  }

  private note(label: string, detail: unknown): void {
    this.parts.onNote({ atMs: performance.now() - this.startMs, label, detail });
  }
}

function keyOf(node: AnyNode, { timer }: { readonly timer: string }): string {
  return `${node.id}/${timer}`;
}
