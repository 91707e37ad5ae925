/**
 * A client of one register: reads it, and compares-and-sets it with values of its own, each a text
 * that no other client writes.
 *
 * Source: its history is that of Jepsen's register workload: read, and cas of [from, to].
 * Assumes: servers that may not answer.
 * Guarantees: an operation is sent once; one that was not answered in time is an "info".
 * Cost: one message an operation.
 */
import type { Event, Host, Node, NodeId } from "../../protocol";
import { inRange, wholeInRange, withDefaults } from "../../basics";
import type { CasAnswer, CasMessage, CasRequest, CasTimer } from "./messages";

export interface CasClientOptions {
  /** How many operations, every second one a cas; default 20. */
  readonly operations: number;
  readonly key: string;
  /** Pause between operations, in ms; default 5. */
  readonly thinkMs: number;
  /** An operation without an answer is given up after so long, in ms; default 500. */
  readonly answerMs: number;
}

const defaults: CasClientOptions = { operations: 20, key: "x", thinkMs: 5, answerMs: 500 };

export class CasClient implements Node<CasMessage, CasTimer> {
  readonly options: CasClientOptions;
  private requestId = 0;
  private isBusy = false;
  private found: { readonly version: number; readonly value: unknown } = {
    version: 0,
    value: null,
  };

  /** `peers`: the servers. Throws a RangeError for an option that is wrong. */
  constructor(
    readonly id: NodeId,
    private readonly servers: readonly NodeId[],
    options: Partial<CasClientOptions> = {},
  ) {
    this.options = withDefaults("CasClient", defaults, options);
    if (servers.length === 0) throw new RangeError("a CasClient needs the names of servers");
    wholeInRange("operations", this.options.operations, { min: 0, max: 1_000_000 });
    inRange("thinkMs", this.options.thinkMs, { min: 0, max: 86_400_000 });
    inRange("answerMs", this.options.answerMs, { min: 1, max: 86_400_000 });
  }

  handle(event: Event<CasMessage, CasTimer>, host: Host<CasMessage, CasTimer>): void {
    if (event.kind === "start") return this.start(event.saved, host);
    if (event.kind === "timer") {
      return event.timer === "answer" ? this.end("info", "no answer came", host) : this.next(host);
    }
    const { message } = event;
    const isMine = message.type === "answer" && message.requestId === this.requestId;
    if (isMine && this.isBusy) this.hear(message, host);
  }

  private start(saved: Readonly<Record<string, unknown>>, host: Host<CasMessage, CasTimer>): void {
    this.requestId = (saved["requestId"] as number | undefined) ?? 0;
    host.setTimer("think", this.options.thinkMs);
  }

  private next(host: Host<CasMessage, CasTimer>): void {
    const { key, operations, answerMs } = this.options;
    if (this.requestId >= operations) return host.note("ended");
    host.save("requestId", ++this.requestId);
    const { requestId } = this;
    const value = `${this.id}-${requestId}`;
    const request: CasRequest = this.isRead
      ? { type: "read", requestId, key }
      : { type: "cas", requestId, key, expected: this.found.version, value };
    const called = this.isRead ? undefined : [this.found.value, value];
    host.note("invoke", { f: request.type, key, value: called });
    this.isBusy = true;
    host.setTimer("answer", answerMs);
    host.send(this.servers[Math.floor(host.random() * this.servers.length)], request);
  }

  private get isRead(): boolean {
    return this.requestId % 2 === 1;
  }

  private hear(answer: CasAnswer, host: Host<CasMessage, CasTimer>): void {
    if (answer.kind === "unavailable") {
      return this.end(answer.isDefinite ? "fail" : "info", answer.reason, host);
    }
    this.found = { version: answer.version, value: answer.value };
    this.end(answer.kind === "ok" ? "ok" : "fail", answer.value, host);
  }

  private end(
    type: "ok" | "fail" | "info",
    value: unknown,
    host: Host<CasMessage, CasTimer>,
  ): void {
    this.isBusy = false;
    host.cancelTimer("answer");
    host.note(type, { f: this.isRead ? "read" : "cas", key: this.options.key, value });
    // So that an answer that is late is not taken for one of the next operation.
    if (type === "info") this.found = { version: 0, value: null };
    host.setTimer("think", this.options.thinkMs);
  }
}
