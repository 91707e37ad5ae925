/** One process that serves, seen from the one that accepts. */
import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import type { Socket } from "node:net";
import { join } from "node:path";
import { InputError } from "../../../basics";
import type { ProxyMetrics } from "../tally";
import type { NumberedOrder, Order, Report } from "./orders";

interface Waiting {
  readonly done: (metrics: ProxyMetrics | undefined) => void;
  readonly failed: (error: Error) => void;
}

export class Worker {
  isOver = false;
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, Waiting>();
  private number = 0;

  /** `onOver`: it has ended, whether or not it was told to. */
  constructor(onOver: (worker: Worker) => void) {
    this.child = fork(join(__dirname, "child.js"), { execArgv: [] });
    this.child.on("message", (report: Report) => this.reported(report));
    this.child.on("exit", () => {
      this.isOver = true;
      for (const { done } of this.waiting.values()) done(undefined);
      this.waiting.clear();
      onOver(this);
    });
  }

  /** Resolves when it has done so, or has ended. */
  async tell(order: Order): Promise<ProxyMetrics | undefined> {
    if (this.isOver) return undefined;
    const number = ++this.number;
    return await new Promise((done, failed) => {
      this.waiting.set(number, { done, failed });
      this.send({ number, order });
    });
  }

  /** Gives it a client's connection. */
  serve(socket: Socket): void {
    this.send({ number: 0, order: { kind: "serve" } }, socket);
  }

  async end(): Promise<void> {
    if (this.isOver) return;
    const over = new Promise((end) => this.child.once("exit", end));
    this.child.disconnect();
    await over;
  }

  private send(order: NumberedOrder, socket?: Socket): void {
    // Of a worker that has just ended, its exit is told by its event.
    this.child.send(order, socket, { keepOpen: false }, () => undefined);
  }

  private reported(report: Report): void {
    const waiting = this.waiting.get(report.number);
    this.waiting.delete(report.number);
    if (report.kind === "done") waiting?.done(report.metrics);
    else waiting?.failed(new InputError(report.reason));
  }
}
