/**
 * A client of a Raft cluster: does one operation after another, finds the leader, repeats what was
 * not answered, and by its session has each command done once.
 *
 * Source: Ongaro 2014, sections 6.2 (finding the leader) and 6.3 (sessions).
 * Assumes: servers that are asked forever answer in the end; else see `giveUpMs`.
 * Guarantees: with a session each command is applied at most once, and once if it is answered.
 * Cost: one message an operation, and one for each redirection and repetition. Its notes are the
 * events of a history: invoke, ok, fail (not done), info (not known), each { f, key, value }.
 */
import type { Event, Host, Node, NodeId } from "../../protocol";
import { inRange } from "../../basics";
import { callOf, outcomeOf } from "../call-of";
import type { Outcome } from "../call-of";
import type { ClientAnswer, ClientOperation, ClientRequest } from "./messages";
import type { RaftMessage, RaftTimer } from "./messages";

export interface RaftClientOptions {
  /** Done in this order, one at a time; more may come as `submit`. Default none. */
  readonly operations: readonly ClientOperation[];
  /** Pause between the end of one and the start of the next, in ms; default 0. */
  readonly thinkMs: number;
  /** Asks the next server after so long; about two election timeouts. Default 500 ms. */
  readonly retryMs: number;
  /** An operation not answered after so long is given up, in ms; default null: never. */
  readonly giveUpMs: number | null;
  /** Without a session a command is sent once, since a repeat might do it twice. Default true. */
  readonly hasSession: boolean;
}

const defaults: RaftClientOptions = {
  operations: [],
  thinkMs: 0,
  retryMs: 500,
  giveUpMs: null,
  hasSession: true,
};

/** What is under way. */
interface Current {
  readonly operation: ClientOperation;
  readonly requestId: number;
  readonly begunMs: number;
  /** Of a command: its number in the session. */
  readonly sequence: number;
}

type ClientHost = Host<RaftMessage, RaftTimer>;

export class RaftClient implements Node<RaftMessage, RaftTimer> {
  readonly options: RaftClientOptions;
  protected readonly queue: ClientOperation[];
  private readonly servers: readonly NodeId[];
  /** How many operations were begun, here and before a crash. */
  private position = 0;
  private requestId = 0;
  private sequence = 0;
  private session: number | null = null;
  private current: Current | null = null;
  /** The request that opens a session, while it is under way. */
  private opening: number | null = null;
  /** Who is asked now, and whose turn was last when nobody answered, by their places. */
  private server = 0;
  private turn = 0;
  /** Redirections followed since the last retry: two servers may each name the other. */
  private redirections = 0;

  /** `peers`: the servers. Throws a RangeError for an option that is wrong. */
  constructor(
    readonly id: NodeId,
    peers: readonly NodeId[],
    options: Partial<RaftClientOptions> = {},
  ) {
    if (peers.length === 0) throw new RangeError("a Raft client needs the names of servers");
    this.options = { ...defaults, ...options };
    inRange("thinkMs", this.options.thinkMs, { min: 0, max: Number.MAX_SAFE_INTEGER });
    inRange("retryMs", this.options.retryMs, { min: 1, max: Number.MAX_SAFE_INTEGER });
    this.servers = peers;
    this.queue = [...this.options.operations];
  }

  handle(event: Event<RaftMessage, RaftTimer>, host: ClientHost): void {
    if (event.kind === "start") this.start(event.saved, host);
    else if (event.kind === "timer") this.ring(event.timer, host);
    else if (event.message.type === "submit") this.submit(event.message.operation, host);
    else if (event.message.type === "answer") this.hear(event.from, event.message, host);
  }

  /** What was under way in a crash is not repeated: its outcome stays unknown. */
  private start(saved: Readonly<Record<string, unknown>>, host: ClientHost): void {
    this.position = (saved["position"] as number | undefined) ?? 0;
    this.requestId = this.position * 1_000;
    this.queue.splice(0, this.position);
    this.next(host);
  }

  private submit(operation: ClientOperation, host: ClientHost): void {
    this.queue.push(operation);
    if (this.queue.length === 1 && this.current === null && this.opening === null) this.next(host);
  }

  /** Begins the next operation, or first the session that it needs. */
  protected next(host: ClientHost): void {
    const [operation] = this.queue;
    if (operation === undefined) return;
    if (this.options.hasSession && this.session === null && "command" in operation) {
      this.opening = ++this.requestId;
      return this.send(host);
    }
    this.queue.shift();
    host.save("position", ++this.position);
    if ("command" in operation) this.sequence++;
    const requestId = ++this.requestId;
    const { sequence } = this;
    this.current = { operation, requestId, begunMs: host.nowMs, sequence };
    host.note("invoke", callOf(operation));
    this.send(host);
  }

  private send(host: ClientHost): void {
    host.setTimer("retry", this.options.retryMs);
    host.send(this.servers[this.server], this.request());
  }

  private request(): ClientRequest {
    if (this.opening !== null) return { type: "openSession", requestId: this.opening };
    const { operation, requestId, sequence } = this.current as Current;
    if ("query" in operation) return { type: "query", requestId, ...operation };
    const { command } = operation;
    if (this.session === null) return { type: "command", requestId, command };
    const session = { id: this.session, sequence, firstOutstanding: sequence };
    return { type: "command", requestId, command, session };
  }

  private ring(timer: RaftTimer, host: ClientHost): void {
    if (timer === "think") return this.next(host);
    if (timer !== "retry") return;
    this.turn = (this.turn + 1) % this.servers.length;
    this.server = this.turn;
    this.retry(host);
  }

  /** Sends again what may be sent again, unless it has taken too long. */
  private retry(host: ClientHost): void {
    this.redirections = 0;
    if (this.current === null) return this.opening === null ? undefined : this.send(host);
    const { giveUpMs } = this.options;
    const isTooLate = giveUpMs !== null && host.nowMs - this.current.begunMs >= giveUpMs;
    if (isTooLate || !this.isRepeatable()) return this.end(undefined, host);
    this.send(host);
  }

  private isRepeatable(): boolean {
    return "query" in (this.current as Current).operation || this.session !== null;
  }

  private hear(from: NodeId, answer: ClientAnswer, host: ClientHost): void {
    if (answer.requestId !== (this.opening ?? this.current?.requestId)) return;
    switch (answer.kind) {
      case "ok":
        return this.hearResult(answer.result, host);
      case "notLeader":
        return this.redirect(from, answer.leader, host);
      case "busy":
        return; // the retry timer is set
      case "unknown":
        return this.opening === null && !this.isRepeatable()
          ? this.end(undefined, host)
          : undefined;
      case "refused":
        return this.end({ type: "fail", value: answer.reason }, host);
      case "sessionExpired":
        this.session = null;
        return this.end(undefined, host);
    }
  }

  private hearResult(result: unknown, host: ClientHost): void {
    if (this.opening === null) return this.end(outcomeOf(result), host);
    this.session = (result as { session: number }).session;
    this.sequence = 0;
    this.opening = null;
    this.next(host);
  }

  /** Not the leader, so certainly not done there; ask the one it names, or another one later. */
  private redirect(from: NodeId, leader: NodeId | null, host: ClientHost): void {
    const at = leader === null ? -1 : this.servers.indexOf(leader);
    if (at === -1 || leader === from || this.redirections >= this.servers.length) return;
    this.redirections++;
    this.server = at;
    this.send(host);
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
