/**
 * A worker's control side: tells the coordinator that it lives, hands tasks to the executor of its
 * machine, and repeats an answer until the coordinator has noted it.
 *
 * Source: Dean and Ghemawat 2004, section 3.3; ours pushes heartbeats where theirs are asked for.
 * Assumes: messages may be lost or repeated; the executor beside it is as alive as itself.
 * Guarantees: every answer of the executor reaches a living coordinator.
 * Cost: one message every `heartbeatMs`, and an answer each heartbeat until it is noted.
 */
import type { Event, Host, Node, NodeId } from "../../../protocol";
import type { ControlMessage, EndedAnswer } from "./messages";

export interface WorkerOptions {
  /** Default "n0". */
  readonly coordinator: NodeId;
  /** The node that executes: on this machine. Default: "x" and the worker's id. */
  readonly executor: NodeId;
  /** Default 500 ms. */
  readonly heartbeatMs: number;
}

type WorkerHost = Host<ControlMessage, "heartbeat">;

export class MapReduceWorker implements Node<ControlMessage, "heartbeat"> {
  private readonly options: WorkerOptions;
  private incarnation = 0;
  private readonly running = new Map<number, number>();
  protected readonly unnoted = new Map<number, EndedAnswer>();

  constructor(
    readonly id: NodeId,
    _peers: readonly NodeId[],
    options: Partial<WorkerOptions> = {},
  ) {
    this.options = { coordinator: "n0", executor: `x${id}`, heartbeatMs: 500, ...options };
  }

  handle(event: Event<ControlMessage, "heartbeat">, host: WorkerHost): void {
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
