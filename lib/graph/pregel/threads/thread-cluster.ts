/** The nodes of a Pregel cluster: master and store on this thread, each worker on its own. */
import { join } from "path";
import { Worker } from "worker_threads";
import type { Message, Node, NodeId } from "../../../protocol";
import type { CsrGraph } from "../../structure/csr-graph";
import { CheckpointStore } from "../checkpoint-store";
import { PregelMaster } from "../master";
import type { VertexProgram } from "../program";
import { defineProgram } from "../programs";
import type { Post, ThreadStart } from "./pregel-thread";
import { RunningNode } from "./run-node";
import { shipProgram } from "./ship-program";
import type { ShippedProgram } from "./ship-program";

export interface Kill {
  /** "n1", "n2"... */
  readonly worker: NodeId;
  readonly atSuperstep: number;
}

/** Something that happened: a superstep done, a worker lost, an epoch begun. */
export interface PregelEvent {
  readonly atMs: number;
  readonly label: string;
  readonly detail: unknown;
}

interface ClusterOptions {
  readonly workers: number;
  readonly settings: {
    readonly partitions: number;
    readonly maxSupersteps: number;
    readonly checkpointEvery: number;
  };
  readonly kills?: readonly Kill[];
  readonly onProgress?: (superstep: number, maxSupersteps: number) => void;
}

interface End {
  readonly supersteps: number;
  readonly epochs: number;
}

/**
 * This process sees at once when a thread dies, so that nobody is lost for being silent: a long
 * superstep is not a death. Mail that came before its reader's epoch is sent again after `checkMs`.
 */
const timing = { leaseMs: Number.MAX_SAFE_INTEGER, checkMs: 100, heartbeatMs: 1_000 } as const;
const replacementsPerWorker = 4;
const programName = "on threads";

export class ThreadCluster {
  /** What the store has saved. */
  readonly saved = new Map<string, unknown>();
  readonly events: PregelEvent[] = [];
  private readonly nodes = new Map<NodeId, RunningNode>();
  private readonly threads = new Map<NodeId, Worker>();
  private readonly program: ShippedProgram;
  private readonly startMs = performance.now();
  private kills: readonly Kill[];
  private starts = 0;
  private end: (end: End) => void = () => undefined;
  /** Ends the run with an error. */
  fail: (error: Error) => void = () => undefined;

  constructor(
    private readonly graph: CsrGraph,
    program: VertexProgram,
    private readonly options: ClusterOptions,
  ) {
    this.program = shipProgram(program);
    this.kills = options.kills ?? [];
    defineProgram(programName, program);
  }

  get elapsedMs(): number {
    return performance.now() - this.startMs;
  }

  run(): Promise<End> {
    return new Promise((resolve, reject) => {
      this.end = resolve;
      this.fail = reject;
      const ids = Array.from({ length: this.options.workers }, (_, i) => `n${i + 1}`);
      const { settings } = this.options;
      const options = { ...settings, ...timing, program: programName, joinMs: timing.leaseMs };
      this.startNode(new PregelMaster("n0", ids, options));
      this.startNode(new CheckpointStore("store", []));
      for (const id of ids) this.startThread(id);
    });
  }

  async close(): Promise<void> {
    for (const node of this.nodes.values()) node.close();
    this.nodes.clear();
    const threads = [...this.threads.values()];
    this.threads.clear();
    await Promise.all(threads.map((thread) => thread.terminate()));
  }

  private startNode(node: { readonly id: NodeId }): void {
    const running = new RunningNode(
      node as Node<Message, string>,
      {
        send: (from, to, message) => this.deliver({ from, to, message }),
        note: (label, detail) => this.note(label, detail),
        save: (key, value) => void this.saved.set(key, value),
      },
      1,
    );
    this.nodes.set(node.id, running);
    running.start();
  }

  private startThread(id: NodeId): void {
    const start: ThreadStart = {
      ...{ id, seed: ++this.starts, arrays: this.graph.arrays, program: this.program },
      heartbeatMs: timing.heartbeatMs,
    };
    const thread = new Worker(join(__dirname, "pregel-thread.js"), { workerData: start });
    this.threads.set(id, thread);
    thread.on("message", (post: Post) => {
      if (this.threads.get(id) === thread) this.deliver(post);
    });
    // A program that throws would throw again in the thread that takes the place of this one.
    thread.on("error", (error) => this.fail(error));
    thread.on("exit", () => this.replace(id, thread));
  }

  private replace(id: NodeId, thread: Worker): void {
    if (this.threads.get(id) !== thread) return;
    this.threads.delete(id);
    this.note("threadDied", id);
    const { workers } = this.options;
    if (this.starts < workers * (1 + replacementsPerWorker)) this.startThread(id);
    else this.fail(new Error(`threads died ${this.starts} times: the run is given up`));
  }

  /** What is for a thread that is gone is lost, as on a network. */
  private deliver(post: Post): void {
    const node = this.nodes.get(post.to);
    if (node === undefined) this.threads.get(post.to)?.postMessage(post);
    else setImmediate(() => this.nodes.get(post.to)?.hear(post.from, post.message));
  }

  private note(label: string, detail: unknown): void {
    this.events.push({ atMs: this.elapsedMs, label, detail });
    if (label === "halted") this.end(detail as End);
    if (label === "superstepDone") this.enter((detail as { superstep: number }).superstep + 1);
  }

  private enter(superstep: number): void {
    this.options.onProgress?.(superstep, this.options.settings.maxSupersteps);
    const due = this.kills.filter(({ atSuperstep }) => atSuperstep === superstep);
    this.kills = this.kills.filter((kill) => !due.includes(kill));
    // Each thread is told of the superstep before: this is done once the master's step is over.
    for (const { worker } of due) setImmediate(() => void this.threads.get(worker)?.terminate());
  }
}
