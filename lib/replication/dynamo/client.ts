/**
 * A client of the store: does one operation after another, each at the next server, and merges the
 * versions that it finds by the rule that the operation names.
 *
 * Source: DeCandia et al. 2007, sections 4.1 (context), 4.4 (the shopping cart), 5 (any server).
 * Assumes: servers that may not answer.
 * Guarantees: a write says what its client has seen of the key, so that it replaces that and
 * nothing else; a write is sent once, and one that was not answered in time is an "info".
 * Cost: one message an operation, two for an update. Its notes are the events of a history, where a
 * read's value is the list of versions, and `over` of a put or delete what its client had seen.
 */
import type { VersionVector } from "../../clocks";
import type { Event, Host, Node, NodeId } from "../../protocol";
import { inRange, withDefaults } from "../../basics";
import type { DynamoAnswer, DynamoMessage, DynamoOperation, DynamoTimer } from "./messages";

export interface DynamoClientOptions {
  /** Done in this order; more may come as `submit`. Default none. */
  readonly operations: readonly DynamoOperation[];
  /** Pause between operations, in ms; default 0. */
  readonly thinkMs: number;
  /** An operation without an answer is given up after so long, in ms; default 300. */
  readonly answerMs: number;
  /** Asks this server alone; default: one after the other. */
  readonly server: NodeId | null;
}

const defaults: DynamoClientOptions = { operations: [], thinkMs: 0, answerMs: 300, server: null };

interface Seen {
  readonly values: readonly unknown[];
  readonly context: VersionVector;
}

type ClientHost = Host<DynamoMessage, DynamoTimer>;

export class DynamoClient implements Node<DynamoMessage, DynamoTimer> {
  readonly options: DynamoClientOptions;
  private position = 0;
  private requestId = 0;
  private turn: number;
  /** What was last read or written of each key. */
  private readonly seen = new Map<string, Seen>();
  private readonly queue: DynamoOperation[];
  private isBusy = false;
  /** Nothing is left to do, until somebody submits more. */
  private isIdle = false;
  /** An update has read, and is writing this. */
  private writing: { readonly f: "put" | "delete" } | null = null;

  /** `peers`: the servers. Throws a RangeError for an option that is wrong. */
  constructor(
    readonly id: NodeId,
    private readonly servers: readonly NodeId[],
    options: Partial<DynamoClientOptions> = {},
  ) {
    if (servers.length === 0) throw new RangeError("a Dynamo client needs the names of servers");
    this.options = withDefaults("a Dynamo client", defaults, options);
    const { server } = this.options;
    if (server !== null && !servers.includes(server)) {
      throw new RangeError(`server must be one of ${servers.join(", ")}, but was ${server}`);
    }
    inRange("thinkMs", this.options.thinkMs, { min: 0, max: Number.MAX_SAFE_INTEGER });
    inRange("answerMs", this.options.answerMs, { min: 1, max: Number.MAX_SAFE_INTEGER });
    this.queue = [...this.options.operations];
    this.turn = [...id].reduce((sum, letter) => sum + letter.charCodeAt(0), 0);
  }

  handle(event: Event<DynamoMessage, DynamoTimer>, host: ClientHost): void {
    if (event.kind === "start") {
      // What was under way in a crash is not repeated: its outcome stays unknown.
      this.position = (event.saved["position"] as number | undefined) ?? 0;
      this.requestId = 1_000 * this.position;
      return this.next(host);
    }
    if (event.kind === "message") {
      const { message } = event;
      if (message.type === "submit") return this.submit(message.operation, host);
      const isMine = message.type === "answer" && message.requestId === this.requestId;
      return isMine && this.isBusy ? this.hear(message, host) : undefined;
    }
    if (event.timer === "think") this.next(host);
    else if (event.timer === "answer") this.giveUp(host);
  }

  private get operation(): DynamoOperation | undefined {
    return this.queue[this.position - 1];
  }

  private submit(operation: DynamoOperation, host: ClientHost): void {
    this.queue.push(operation);
    if (this.isIdle) this.next(host);
  }

  private next(host: ClientHost): void {
    this.writing = null;
    this.isBusy = this.position < this.queue.length;
    this.isIdle = !this.isBusy;
    if (!this.isBusy) return host.note("ended");
    host.save("position", ++this.position);
    const operation = this.operation as DynamoOperation;
    if (operation.op === "put") return this.put(operation.value, host);
    if (operation.op === "delete") return this.put(undefined, host);
    if (operation.op === "get") this.note("invoke", undefined, host);
    this.ask({ type: "get", requestId: ++this.requestId, key: operation.key }, host);
  }

  private put(value: unknown, host: ClientHost): void {
    const operation = this.operation as DynamoOperation;
    const { key } = operation;
    const isBlind = operation.op === "put" && operation.isBlind === true;
    const { values, context } = (isBlind ? undefined : this.seen.get(key)) ?? nothing;
    const isDelete = operation.op === "delete";
    const f = isDelete ? "delete" : "put";
    this.writing = { f };
    host.note("invoke", { f, key, ...(!isDelete && { value }), over: values });
    const requestId = ++this.requestId;
    const request = { type: "put", requestId, key, context } as const;
    this.ask(isDelete ? { ...request, value: null, isDelete } : { ...request, value }, host);
  }

  private ask(request: DynamoMessage, host: ClientHost): void {
    const { server, answerMs } = this.options;
    const at = server ?? this.servers[this.turn++ % this.servers.length];
    host.setTimer("answer", answerMs);
    host.send(at, request);
  }

  private hear(answer: DynamoAnswer, host: ClientHost): void {
    const operation = this.operation as DynamoOperation;
    if (answer.kind === "unavailable") {
      return this.end(answer.isDefinite ? "fail" : "info", answer.reason, host);
    }
    this.seen.set(operation.key, { values: answer.values, context: answer.context });
    if (operation.op === "get" || this.writing !== null) {
      return this.end("ok", answer.values, host);
    }
    const items = new Set(answer.values.flat().map(String));
    if (operation.op === "add") items.add(operation.item);
    else if (operation.op === "remove") items.delete(operation.item);
    this.put([...items].sort(), host);
  }

  private giveUp(host: ClientHost): void {
    const isWrite = this.writing !== null;
    this.end(isWrite ? "info" : "fail", "no answer came in time", host);
  }

  private end(type: "ok" | "fail" | "info", value: unknown, host: ClientHost): void {
    const operation = this.operation as DynamoOperation;
    host.cancelTimer("answer");
    // The reading part of an update is not told: it changed nothing and nobody asked for it.
    if (operation.op === "get" || this.writing !== null) this.note(type, value, host);
    if (this.options.thinkMs > 0) {
      this.isBusy = false;
      host.setTimer("think", this.options.thinkMs);
    } else this.next(host);
  }

  private note(type: "invoke" | "ok" | "fail" | "info", value: unknown, host: ClientHost): void {
    const { key } = this.operation as DynamoOperation;
    host.note(type, { f: this.writing?.f ?? "get", key, value });
  }
}

const nothing: Seen = { values: [], context: {} };
