/**
 * A worker's control side in a sort: tells the coordinator that it lives, hands tasks to the
 * executor of its machine, and repeats an answer until the coordinator has noted it.
 *
 * Source: Dean and Ghemawat 2004, section 3.3; ours pushes heartbeats where theirs are asked for.
 * Assumes: messages may be lost or repeated; the executor beside it is as alive as itself.
 * Guarantees: every answer of the executor reaches a living coordinator.
 * Cost: one message every `heartbeatMs`, and an answer each heartbeat until it is noted.
 */
import type { Event, Host, Node, NodeId } from "../../../protocol";
import type { SortAnswer } from "../tasks";
import type { SortMessage } from "./messages";

export interface SortWorkerOptions {
  /** Default "n0". */
  readonly coordinator: NodeId;
  /** The node that executes: on this machine. Default: "x" and the worker's id. */
  readonly executor: NodeId;
  /** Default 500 ms. */
  readonly heartbeatMs: number;
}

export class SortWorker implements Node<SortMessage, "heartbeat"> {
  private readonly options: SortWorkerOptions;
  private incarnation = 0;
  private readonly running = new Set<number>();
  protected readonly unnoted = new Map<number, SortAnswer>();

  constructor(
    readonly id: NodeId,
    _peers: readonly NodeId[],
    options: Partial<SortWorkerOptions> = {},
  ) {
    this.options = { coordinator: "n0", executor: `x${id}`, heartbeatMs: 500, ...options };
  }

  handle(event: Event<SortMessage, "heartbeat">, host: Host<SortMessage, "heartbeat">): void {
    if (event.kind === "start") this.incarnation = Math.floor(host.random() * 2 ** 32);
    if (event.kind !== "message") return this.beat(host);
    const message = event.message;
    switch (message.type) {
      case "assign":
        if (this.running.has(message.attemptId)) return;
        this.running.add(message.attemptId);
        return host.send(this.options.executor, { ...message, type: "execute" });
      case "executed":
      case "failed":
        this.unnoted.set(message.attemptId, message);
        return host.send(this.options.coordinator, { type: "ended", answer: message });
      case "noted":
        this.running.delete(message.attemptId);
        this.unnoted.delete(message.attemptId);
    }
  }

  private beat(host: Host<SortMessage, "heartbeat">): void {
    const { coordinator, heartbeatMs } = this.options;
    const { running, incarnation } = this;
    host.send(coordinator, { type: "heartbeat", running: [...running], incarnation });
    for (const answer of this.unnoted.values()) host.send(coordinator, { type: "ended", answer });
    host.setTimer("heartbeat", heartbeatMs);
  }
}
