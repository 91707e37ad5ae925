/**
 * A passenger's device: books, looks until the ticket is paid or gone, and may give it back. It
 * asks server after server under one key until it is answered, and after a crash asks on under the
 * same key.
 *
 * Source: the retries of H. Garcia-Molina and K. Salem's sagas; finding the leader as in Ongaro
 * 2014, section 6.2.
 * Assumes: servers that are asked forever answer in the end.
 * Guarantees: each wish becomes one ticket or one refusal. Its notes are the events of a history:
 * invoke, ok; each { f, key, value }, where key is the departure.
 * Cost: one message an operation, and one for each redirection, repetition and look.
 */
import type { Event, Host, Node, NodeId } from "../../../protocol";
import type { ClientAnswer, RaftTimer } from "../../../consensus/raft";
import type { BookingAnswer, BookingCommand, BookingQuery, BookingRequestFor } from "./commands";
import type { BookingMessage } from "./messages";
import { shardOf } from "./shards";

/** What a passenger wants. */
export type Wish = BookingRequestFor & {
  /** Gives the ticket back so long after it was paid, in ms; default: keeps it. */
  readonly cancelAfterMs?: number;
};

export interface BookingClientOptions {
  readonly wishes: readonly Wish[];
  /** The servers of each shard; default: all its peers are one shard. */
  readonly shards: readonly (readonly NodeId[])[] | null;
  /** Asks the next server after so long; default 300 ms. */
  readonly retryMs: number;
  /** Looks so often whether it is paid, in ms; default 200. */
  readonly lookMs: number;
  /** Pause between two wishes, in ms; default 0. */
  readonly thinkMs: number;
}

/** Where it is: begun with a stage or about to; saved, so that a crash loses nothing. */
interface Progress {
  readonly position: number;
  readonly stage: "book" | "look" | "cancel";
  readonly pnr: string;
  readonly hasBegun: boolean;
}

type ClientHost = Host<BookingMessage, RaftTimer>;
const defaults = { wishes: [], shards: null, retryMs: 300, lookMs: 200, thinkMs: 0 };

export class BookingClient implements Node<BookingMessage, RaftTimer> {
  readonly options: BookingClientOptions;
  private progress: Progress = { position: 0, stage: "book", pnr: "", hasBegun: false };
  private requestId = 0;
  private server = 0;
  private redirections = 0;

  /** `peers`: the servers of all shards. */
  constructor(
    readonly id: NodeId,
    private readonly peers: readonly NodeId[],
    options: Partial<BookingClientOptions> = {},
  ) {
    if (peers.length === 0) throw new RangeError("a booking client needs the names of servers");
    this.options = { ...defaults, ...options };
  }

  get isDone(): boolean {
    return this.progress.position >= this.options.wishes.length;
  }

  handle(event: Event<BookingMessage, RaftTimer>, host: ClientHost): void {
    if (event.kind === "start") this.start(event.saved, host);
    else if (event.kind === "timer") this.ring(event.timer, host);
    else if (event.message.type === "answer") this.hear(event.from, event.message, host);
  }

  private start(saved: Readonly<Record<string, unknown>>, host: ClientHost): void {
    const lives = ((saved["lives"] as number | undefined) ?? 0) + 1;
    this.progress = (saved["progress"] as Progress | undefined) ?? this.progress;
    this.requestId = lives * 1_000_000;
    host.save("lives", lives);
    this.begin(host);
  }

  /** The next server's turn, or the end of a pause. */
  private ring(timer: RaftTimer, host: ClientHost): void {
    if (timer === "think") return this.begin(host);
    if (timer !== "retry") return;
    this.server++;
    this.redirections = 0;
    this.send(host);
  }

  private begin(host: ClientHost): void {
    if (this.isDone) return;
    if (!this.progress.hasBegun) {
      const { departure: key } = this.wish;
      const { stage, pnr } = this.progress;
      const value = stage === "book" ? this.command : pnr;
      if (stage !== "look") host.note("invoke", { f: stage, key, value });
      this.goTo({ hasBegun: true }, host);
    }
    this.requestId++;
    this.send(host);
  }

  private goTo(changes: Partial<Progress>, host: ClientHost): void {
    this.progress = { ...this.progress, ...changes };
    host.save("progress", this.progress);
  }

  private get wish(): Wish {
    return this.options.wishes[this.progress.position] as Wish;
  }

  private get command(): BookingCommand {
    const { departure, from, to, quota, passengers } = this.wish;
    const key = `${this.id}/${this.progress.position}`;
    return { op: "book", key, departure, from, to, quota, passengers };
  }

  private get servers(): readonly NodeId[] {
    const { shards } = this.options;
    return shards === null
      ? this.peers
      : (shards[shardOf(this.wish.departure, shards.length)] as NodeId[]);
  }

  private send(host: ClientHost): void {
    host.setTimer("retry", this.options.retryMs);
    const to = this.servers[this.server % this.servers.length] as NodeId;
    host.send(to, this.request(host));
  }

  private request(host: ClientHost): BookingMessage {
    const { requestId } = this;
    const { stage, pnr } = this.progress;
    const clientMs = Math.floor(host.nowMs);
    if (stage === "look")
      return { type: "query", requestId, query: { op: "ticket", pnr } satisfies BookingQuery };
    const command: BookingCommand =
      stage === "cancel"
        ? { op: "cancel", pnr }
        : ({ ...this.command, clientMs } as BookingCommand);
    return { type: "command", requestId, command };
  }

  private hear(from: NodeId, answer: ClientAnswer, host: ClientHost): void {
    if (answer.requestId !== this.requestId || this.isDone) return;
    if (answer.kind === "ok") return this.hearResult(answer.result as BookingAnswer, host);
    if (answer.kind !== "notLeader") return; // the retry timer is set
    const at = answer.leader === null ? -1 : this.servers.indexOf(answer.leader);
    if (at < 0 || answer.leader === from || ++this.redirections > this.servers.length) return;
    this.server = at;
    this.send(host);
  }

  private hearResult(result: BookingAnswer, host: ClientHost): void {
    this.requestId++; // later answers are repetitions
    host.cancelTimer("retry");
    const { stage } = this.progress;
    if (stage === "look") return this.look(result, host);
    host.note("ok", { f: stage, key: this.wish.departure, value: result });
    if (stage === "cancel" || result.kind !== "ticket") return this.next(host);
    this.goTo({ stage: "look", pnr: result.pnr, hasBegun: false }, host);
    host.setTimer("think", this.options.lookMs);
  }

  private look(result: BookingAnswer, host: ClientHost): void {
    if (result.kind === "ticket" && result.state === "held") {
      return host.setTimer("think", this.options.lookMs);
    }
    host.note("settled", result);
    const { cancelAfterMs } = this.wish;
    const isKept = result.kind !== "ticket" || result.state === "ended";
    if (isKept || cancelAfterMs === undefined) return this.next(host);
    this.goTo({ stage: "cancel", hasBegun: false }, host);
    host.setTimer("think", cancelAfterMs);
  }

  private next(host: ClientHost): void {
    const position = this.progress.position + 1;
    this.goTo({ position, stage: "book", pnr: "", hasBegun: false }, host);
    host.setTimer("think", this.options.thinkMs);
  }
}
