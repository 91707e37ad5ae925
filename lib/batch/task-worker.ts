/**
 * The control side of a worker, of every engine: tells the coordinator that it lives, hands tasks
 * to the executor of its machine, and repeats an answer until the coordinator has noted it.
 *
 * Source: J. Dean and S. Ghemawat, "MapReduce", OSDI 2004, section 3.3; ours pushes heartbeats
 * where theirs are asked for.
 * Assumes: messages may be lost or repeated; the executor beside it is as alive as itself.
 * Guarantees: every answer of the executor reaches a living coordinator.
 * Cost: one message every `heartbeatMs`, and an answer each heartbeat until it is noted.
 */
import type { Event, Host, Node, NodeId } from "../protocol";

export interface TaskWorkerOptions {
  /** Default "n0". */
  readonly coordinator: NodeId;
  /** The node that executes: on this machine. Default: "x" and the worker's id. */
  readonly executor: NodeId;
  /** Default 500 ms. */
  readonly heartbeatMs: number;
}

export interface RunningAttempt {
  readonly attemptId: number;
  /** 0 to 1. */
  readonly fraction: number;
}

/** Worker to coordinator: I am here, with these attempts in work, each with its progress. */
export interface Heartbeat {
  readonly type: "heartbeat";
  readonly running: readonly RunningAttempt[];
  /** Drawn anew at each start: another number from the same name is another life. */
  readonly incarnation: number;
}

/** Worker to coordinator: the executor's answer, whole; repeated until it is noted. */
export interface Ended<Answer> {
  readonly type: "ended";
  readonly answer: Answer;
}

/** Coordinator to worker: your answer has arrived. */
export interface Noted {
  readonly type: "noted";
  readonly attemptId: number;
}

/** Host to coordinator: this worker is gone for good. */
export interface WorkerLost {
  readonly type: "workerLost";
  readonly worker: NodeId;
}

/** Executor to worker, any number of times before the answer. */
export interface TaskProgress {
  readonly type: "progress";
  readonly attemptId: number;
  readonly fraction: number;
}

/** What an engine's executor answers in the end has more fields; they are passed on. */
interface TaskAnswer {
  readonly type: "executed" | "failed";
  readonly attemptId: number;
}

/** What a worker hears and says; an engine's own messages are these with more fields. */
export type TaskMessage =
  | Heartbeat
  | { readonly type: "assign"; readonly attemptId: number }
  | { readonly type: "execute"; readonly attemptId: number }
  | TaskProgress
  | TaskAnswer
  | Ended<TaskAnswer>
  | Noted;

type WorkerHost = Host<TaskMessage, "heartbeat">;

export class TaskWorker implements Node<TaskMessage, "heartbeat"> {
  private readonly options: TaskWorkerOptions;
  private incarnation = 0;
  protected readonly running = new Map<number, number>();
  protected readonly unnoted = new Map<number, TaskAnswer>();

  constructor(
    readonly id: NodeId,
    _peers: readonly NodeId[],
    options: Partial<TaskWorkerOptions> = {},
  ) {
    this.options = { coordinator: "n0", executor: `x${id}`, heartbeatMs: 500, ...options };
  }

  handle(event: Event<TaskMessage, "heartbeat">, host: WorkerHost): void {
    if (event.kind === "start") this.incarnation = Math.floor(host.random() * 2 ** 32);
    if (event.kind !== "message") return this.beat(host);
    const message = event.message;
    switch (message.type) {
      case "assign":
        if (this.running.has(message.attemptId)) return;
        this.running.set(message.attemptId, 0);
        return host.send(this.options.executor, { ...message, type: "execute" });
      case "progress":
        this.running.set(message.attemptId, message.fraction);
        return;
      case "executed":
      case "failed":
        this.running.delete(message.attemptId);
        this.unnoted.set(message.attemptId, message);
        return host.send(this.options.coordinator, { type: "ended", answer: message });
      case "noted":
        this.unnoted.delete(message.attemptId);
    }
  }

  private beat(host: WorkerHost): void {
    const running = [...this.running].map(([attemptId, fraction]) => ({ attemptId, fraction }));
    const { incarnation } = this;
    host.send(this.options.coordinator, { type: "heartbeat", running, incarnation });
    for (const answer of this.unnoted.values()) {
      host.send(this.options.coordinator, { type: "ended", answer });
    }
    host.setTimer("heartbeat", this.options.heartbeatMs);
  }
}
