/**
 * A linearizable key-value store that may be asked anywhere: a Raft server that is also a client of
 * Raft, for each request that comes to it, and asks the leader in the client's place.
 *
 * Source: Ongaro 2014, section 6.2 (servers as proxies); requests: Maelstrom, doc/workloads.md.
 * Assumes: as Raft; and, since no session is used, that the network repeats no message.
 * Guarantees: linearizable; a definite error means not done; a request is never sent twice.
 * Cost: as Raft, and two messages more for a request that comes to another than the leader.
 */
import { inRange } from "../../basics";
import { errorAnswer } from "../../protocol";
import type { Event, Host, Node, NodeId } from "../../protocol";
import { Raft } from "../raft";
import type { ClientAnswer, ClientOperation, ClientRequest } from "../raft";
import type { RaftMessage, RaftOptions, RaftTimer } from "../raft";
import { judge, operationOf, refusalOf } from "./requests";
import type { LinKvAnswer, LinKvRequest } from "./requests";

/** Those of Raft, and: */
export interface LinKvOptions extends RaftOptions {
  /** A request not answered after so long ends as a timeout (indefinite); default 2,000 ms. */
  readonly giveUpMs: number;
  /** Requests under way for clients; past that they hear error 11. Default 10,000. */
  readonly maxRequests: number;
}

export type LinKvMessage = RaftMessage | LinKvRequest | LinKvAnswer;
export type LinKvTimer = RaftTimer | { readonly giveUp: number };

type LinKvHost = Host<LinKvMessage, LinKvTimer>;

interface Pending {
  readonly client: NodeId;
  readonly request: LinKvRequest;
  readonly isCreation: boolean;
  /** Redirections and halves of a cas so far: both could go on without end. */
  readonly hops: number;
}

const maxHops = 8;
/** Requests of one start of a node have numbers of their own: answers may outlive a crash. */
const requestsPerStart = 2 ** 32;

export class LinKv implements Node<LinKvMessage, LinKvTimer> {
  readonly raft: Raft;
  readonly giveUpMs: number;
  readonly maxRequests: number;
  private readonly pending = new Map<number, Pending>();
  private lastRequest = 0;
  /** Answers of the own Raft server in this step. */
  private answers: ClientAnswer[] = [];

  /** `peers`: the other servers. Throws a RangeError for an option that is wrong. */
  constructor(
    readonly id: NodeId,
    readonly peers: readonly NodeId[],
    options: Partial<LinKvOptions> = {},
  ) {
    const { giveUpMs = 2_000, maxRequests = 10_000, ...raftOptions } = options;
    this.giveUpMs = inRange("giveUpMs", giveUpMs, { min: 1, max: 3_600_000 });
    this.maxRequests = inRange("maxRequests", maxRequests, { min: 1, max: 2 ** 31 });
    this.raft = new Raft(id, peers, { ...raftOptions, machine: "kv" });
  }

  handle(event: Event<LinKvMessage, LinKvTimer>, host: LinKvHost): void {
    if (event.kind === "start") this.start(event.saved, host);
    else if (event.kind === "timer") this.ring(event.timer, host);
    else this.hear(event.from, event.message, host);
    for (let answer = this.answers.shift(); answer; answer = this.answers.shift()) {
      this.hearAnswer(answer, host);
    }
  }

  private start(saved: Readonly<Record<string, unknown>>, host: LinKvHost): void {
    const starts = ((saved["starts"] as number | undefined) ?? 0) + 1;
    host.save("starts", starts);
    this.lastRequest = starts * requestsPerStart;
    this.raft.handle({ kind: "start", saved }, this.raftHost(host));
  }

  private ring(timer: LinKvTimer, host: LinKvHost): void {
    if (typeof timer === "string") {
      return this.raft.handle({ kind: "timer", timer }, this.raftHost(host));
    }
    const pending = this.pending.get(timer.giveUp);
    if (pending === undefined) return;
    this.pending.delete(timer.giveUp);
    const reason = `not answered within ${this.giveUpMs} ms, and it may be done yet`;
    host.send(pending.client, errorAnswer(pending.request.requestId, "timeout", reason));
  }

  private hear(from: NodeId, message: LinKvMessage, host: LinKvHost): void {
    if (!this.peers.includes(from)) return this.accept(from, message as LinKvRequest, host);
    if (message.type === "answer") return this.hearAnswer(message as ClientAnswer, host);
    this.tellRaft(from, message as RaftMessage, host);
  }

  private accept(client: NodeId, request: LinKvRequest, host: LinKvHost): void {
    const refusal = refusalOf(request);
    if (refusal !== undefined) return host.send(client, refusal);
    if (this.pending.size >= this.maxRequests) {
      const reason = "too many requests are under way here";
      return host.send(client, errorAnswer(request.requestId, "temporarilyUnavailable", reason));
    }
    const pending = { client, request, isCreation: false, hops: 0 };
    this.ask(this.id, { pending, operation: operationOf(request) }, host);
  }

  /** Every asking has a number of its own, so that a late answer to an earlier one says nothing. */
  private ask(
    server: NodeId,
    { pending, operation }: { pending: Pending; operation: ClientOperation },
    host: LinKvHost,
  ): void {
    const requestId = ++this.lastRequest;
    this.pending.set(requestId, pending);
    host.setTimer({ giveUp: requestId }, this.giveUpMs);
    const request: ClientRequest =
      "query" in operation
        ? { type: "query", requestId, query: operation.query }
        : { type: "command", requestId, command: operation.command };
    if (server === this.id) this.tellRaft(this.id, request, host);
    else host.send(server, request);
  }

  private tellRaft(from: NodeId, message: RaftMessage, host: LinKvHost): void {
    this.raft.handle({ kind: "message", from, message }, this.raftHost(host));
  }

  private hearAnswer(answer: ClientAnswer, host: LinKvHost): void {
    const pending = this.pending.get(answer.requestId);
    if (pending === undefined) return;
    this.pending.delete(answer.requestId);
    host.cancelTimer({ giveUp: answer.requestId });
    const { client, request, isCreation, hops } = pending;
    const verdict = judge(request, answer, isCreation);
    if (verdict.kind === "answer") return host.send(client, verdict.answer);
    if (hops >= maxHops) {
      const name = verdict.kind === "next" ? "txnConflict" : "temporarilyUnavailable";
      const reason = verdict.kind === "next" ? "the key comes and goes" : "leaders come and go";
      return host.send(client, errorAnswer(request.requestId, name, reason));
    }
    const isNext = verdict.kind === "next";
    const next = {
      ...pending,
      hops: hops + 1,
      isCreation: isNext ? verdict.isCreation : isCreation,
    };
    const operation = isNext ? verdict.operation : operationOf(request, isCreation);
    this.ask(isNext ? this.id : verdict.leader, { pending: next, operation }, host);
  }

  /** What Raft answers to its own node is not sent, but heard at the end of the step. */
  private raftHost(host: LinKvHost): Host<RaftMessage, RaftTimer> {
    return {
      nowMs: host.nowMs,
      random: () => host.random(),
      send: (to, message) => {
        if (to === this.id && message.type === "answer") this.answers.push(message);
        else host.send(to, message);
      },
      setTimer: (timer, afterMs) => host.setTimer(timer, afterMs),
      cancelTimer: (timer) => host.cancelTimer(timer),
      save: (key, value) => host.save(key, value),
      note: (label, detail) => host.note(label, detail),
    };
  }
}
