/**
 * A client of PBFT: does one operation after another, believes what f + 1 replicas answer alike,
 * repeats to all what was not answered, and reads without an order where that succeeds.
 *
 * Source: Castro and Liskov 1999, sections 4.1 and 5.1.
 * Assumes: at most f of the 3f + 1 replicas it knows lie; its timestamps never go back: it saves
 * each before it uses it.
 * Guarantees: each command is executed at most once, once if it is answered; no lie is believed.
 * Cost: one message an operation and n answers; n messages a read, and for each repetition. Its
 * notes are the events of a history: invoke, ok, fail, info, each { f, key, value }.
 */
import { inRange } from "../../basics";
import type { Event, Host, Node, NodeId } from "../../protocol";
import { callOf, checkOperations, outcomeOf, outside } from "../call-of";
import type { Outcome } from "../call-of";
import { authenticationOf, checkAuthentication, defaultAuthentication } from "./authentication";
import type { Authentication, AuthenticationOptions } from "./authentication";
import { textOf } from "./encoding";
import type { PbftMessage, PbftOperation, PbftReply, PbftRequest, PbftTimer } from "./messages";
import { inViewOrder } from "./options";
import { faultsOf, paperRules } from "./rules";
import type { ClusterSize, PbftRules } from "./rules";
import { shapeFlaw } from "./shapes";

export interface PbftClientOptions extends AuthenticationOptions {
  /** Done in this order, one at a time; more may come as `submit`. Default none. */
  readonly operations: readonly PbftOperation[];
  /** Pause between the end of one and the start of the next, in ms; default 0. */
  readonly thinkMs: number;
  /** Sends to all replicas after so long without an answer; some usual latencies. Default 300. */
  readonly retryMs: number;
  /** An operation not answered after so long is given up, in ms; default null: never. */
  readonly giveUpMs: number | null;
  /** Queries go to all replicas at once, without an order (section 5.1). Default true. */
  readonly readsDirectly: boolean;
  /** As the replicas' option. Default: the peers, shorter names first. */
  readonly replicas: readonly NodeId[] | null;
}

const defaults: PbftClientOptions = {
  ...defaultAuthentication,
  operations: [],
  thinkMs: 0,
  retryMs: 300,
  giveUpMs: null,
  readsDirectly: true,
  replicas: null,
};

/** What is under way. */
interface Current {
  readonly operation: PbftOperation;
  readonly begunMs: number;
  request: PbftRequest;
  /** Answers by replica: the first of each. */
  answers: Map<NodeId, { readonly text: string; readonly result: unknown }>;
}

type ClientHost = Host<PbftMessage, PbftTimer>;

export class PbftClient implements Node<PbftMessage, PbftTimer> {
  readonly options: PbftClientOptions;
  readonly replicas: readonly NodeId[];
  readonly size: ClusterSize;
  /** Answers that were not used: not proven, or not of a replica. */
  dropped = 0;
  protected readonly queue: PbftOperation[];
  /** How many operations were begun, here and before a crash: also the last timestamp. */
  private timestamp = 0;
  private current: Current | null = null;
  /** What each replica says is the view. */
  private views = new Map<NodeId, number>();

  /** `peers`: the replicas. Throws a RangeError for an option that is wrong. */
  constructor(
    readonly id: NodeId,
    peers: readonly NodeId[],
    options: Partial<PbftClientOptions> = {},
  ) {
    if (peers.length === 0) throw new RangeError("a PBFT client needs the names of replicas");
    this.options = { ...defaults, ...options };
    checkAuthentication(this.options);
    inRange("thinkMs", this.options.thinkMs, { min: 0, max: Number.MAX_SAFE_INTEGER });
    inRange("retryMs", this.options.retryMs, { min: 1, max: Number.MAX_SAFE_INTEGER });
    this.replicas = this.options.replicas ?? inViewOrder(peers);
    this.size = { n: this.replicas.length, f: faultsOf(this.replicas.length) };
    checkOperations(this.options.operations);
    this.queue = [...this.options.operations];
  }

  /** How many answers are enough; see `PbftRules`. */
  get rules(): PbftRules {
    return paperRules;
  }

  get authentication(): Authentication {
    return authenticationOf(this.id, this.options);
  }

  handle(event: Event<PbftMessage, PbftTimer>, host: ClientHost): void {
    if (event.kind === "start") this.start(event.saved, host);
    else if (event.kind === "timer") this.ring(event.timer, host);
    else if (event.message?.type !== "submit") this.hear(event.message, host);
    else if (event.from === outside) this.submit(event.message.operation, host);
  }

  /** What was under way in a crash is not repeated: its outcome stays unknown. */
  private start(saved: Readonly<Record<string, unknown>>, host: ClientHost): void {
    this.timestamp = (saved["timestamp"] as number | undefined) ?? 0;
    this.queue.splice(0, this.timestamp);
    this.next(host);
  }

  private submit(operation: PbftOperation, host: ClientHost): void {
    checkOperations([operation]);
    this.queue.push(operation);
    if (this.queue.length === 1 && this.current === null) this.next(host);
  }

  protected next(host: ClientHost): void {
    const operation = this.queue.shift();
    if (operation === undefined) return;
    host.save("timestamp", ++this.timestamp);
    const isReadOnly = "query" in operation && this.options.readsDirectly;
    const request = this.requestFor(operation, isReadOnly);
    this.current = { operation, request, begunMs: host.nowMs, answers: new Map() };
    host.note("invoke", callOf(operation));
    this.send(host, isReadOnly ? this.replicas : [this.primary()]);
  }

  private requestFor(operation: PbftOperation, isReadOnly: boolean): PbftRequest {
    const { id: client, timestamp } = this;
    const said = { type: "request", client, timestamp, operation, isReadOnly } as const;
    return { ...said, proof: this.authentication.prove(textOf(said), this.replicas) };
  }

  /** Of the highest view that a correct replica has reached: f + 1 say at least that. */
  private primary(): NodeId {
    const { f, n } = this.size;
    const views = [...this.views.values()].sort((left, right) => right - left);
    return this.replicas[(views[f] ?? 0) % n];
  }

  private send(host: ClientHost, receivers: readonly NodeId[]): void {
    host.setTimer("retry", this.options.retryMs);
    for (const replica of receivers) host.send(replica, (this.current as Current).request);
  }

  private ring(timer: PbftTimer, host: ClientHost): void {
    if (timer === "think") return this.next(host);
    const { current } = this;
    if (timer !== "retry" || current === null) return;
    const { giveUpMs } = this.options;
    if (giveUpMs !== null && host.nowMs - current.begunMs >= giveUpMs) {
      return this.end(undefined, host);
    }
    if (current.request.isReadOnly) this.orderRead(current);
    this.send(host, this.replicas);
  }

  /** A read that finds no quorum of equal answers becomes a request like any other. */
  private orderRead(current: Current): void {
    current.request = this.requestFor(current.operation, false);
    current.answers = new Map();
  }

  private hear(message: PbftMessage, host: ClientHost): void {
    const { current } = this;
    if (current === null || !this.isAnswer(message, current.request)) return;
    if (!this.isProven(message)) {
      this.dropped++;
      return;
    }
    const { replica, view, result } = message;
    this.views.set(replica, Math.max(view, this.views.get(replica) ?? 0));
    if (current.answers.has(replica)) return;
    current.answers.set(replica, { text: JSON.stringify(result), result });
    this.judge(current, host);
  }

  private isAnswer(message: PbftMessage, request: PbftRequest): message is PbftReply {
    if (message?.type !== "reply" || shapeFlaw(message) !== undefined) return false;
    const isForIt = message.client === this.id && message.timestamp === request.timestamp;
    return isForIt && message.isReadOnly === request.isReadOnly;
  }

  private isProven(message: PbftReply): boolean {
    const { replica, proof } = message;
    return (
      this.replicas.includes(replica) &&
      this.authentication.isProven(textOf(message), replica, proof)
    );
  }

  private judge(current: Current, host: ClientHost): void {
    const { rules, size } = this;
    const { isReadOnly } = current.request;
    const needed = isReadOnly ? rules.readRepliesNeeded(size) : rules.repliesNeeded(size);
    const counts = new Map<string, number>();
    for (const { text, result } of current.answers.values()) {
      const count = (counts.get(text) ?? 0) + 1;
      if (count >= needed) return this.end(outcomeOf(result), host);
      counts.set(text, count);
    }
    const open = size.n - current.answers.size;
    if (!isReadOnly || Math.max(...counts.values()) + open >= needed) return;
    this.orderRead(current);
    this.send(host, this.replicas);
  }

  /** Undefined: it is not known. */
  private end(outcome: Outcome | undefined, host: ClientHost): void {
    const { f, key } = callOf((this.current as Current).operation);
    host.note(outcome?.type ?? "info", { f, key, value: outcome?.value });
    this.current = null;
    host.cancelTimer("retry");
    if (this.options.thinkMs > 0) host.setTimer("think", this.options.thinkMs);
    else this.next(host);
  }
}
