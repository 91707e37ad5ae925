/**
 * Deletes from the cache what the database's log says was written: no client that dies between its
 * write and its delete leaves an old row behind, and many deletes travel in one message.
 *
 * Source: R. Nishtala et al., "Scaling Memcache at Facebook", NSDI 2013, section 4.1: mcsqueal.
 * Ours goes on until each server has answered, and remembers how far each has come.
 * Assumes: it stands beside the database and fails with it; messages are lost, late, repeated.
 * Guarantees: refills by leases or versions: once it notes `invalidated` for a write, nobody reads
 * an older row from the cache. Until then reads may be stale, those of the writer too.
 * Cost: a message a server and batch; the log is kept until all servers have answered.
 */
import { inRange, wholeInRange, withDefaults } from "../../basics";
import type { Event, Node, NodeId } from "../../protocol";
import type { CacheMessage, CacheTimer, LogEntry } from "./messages";
import { holdersOf, serversOf } from "./places";
import type { CacheHost } from "./state";

export interface InvalidatorOptions {
  /** The node that has the log; default "db". */
  readonly database: NodeId;
  /** As the clients have them; default none. */
  readonly gutters: readonly NodeId[];
  /** As the clients have it; default 1. */
  readonly hotReplicas: number;
  /** Between two looks at the log: about as long as reads may be stale. Default 5 ms. */
  readonly pollMs: number;
  /** A server that has not answered by then is told again; default 20 ms. */
  readonly replyMs: number;
  /** Deletes in a message at most; default 100. */
  readonly batch: number;
}

const defaults: InvalidatorOptions = {
  ...{ database: "db", gutters: [], hotReplicas: 1 },
  ...{ pollMs: 5, replyMs: 20, batch: 100 },
};

/** How far a server has come. */
interface Stream {
  /** It has deleted all up to there. */
  position: number;
  /** What it is told now ends there; 0: it is told nothing. */
  upTo: number;
  requestId: number;
}

export interface InvalidatorRules {
  /** A position is what was answered, not what was sent. */
  readonly waitsForAnswers: boolean;
  /** A server that does not answer is told again and again. */
  readonly isStubborn: boolean;
  /** Gutters may have the key as well. */
  readonly tellsGutters: boolean;
}

const invalidatorRules: InvalidatorRules = {
  waitsForAnswers: true,
  isStubborn: true,
  tellsGutters: true,
};

export class CacheInvalidator implements Node<CacheMessage, CacheTimer> {
  readonly options: InvalidatorOptions;
  readonly servers: readonly NodeId[];
  readonly streams: ReadonlyMap<NodeId, Stream>;
  /** What the log says, after the first position that a server waits for. */
  private tail: readonly LogEntry[] = [];
  private done = 0;
  private requests = 0;

  /** `peers`: the servers and gutters. Throws a RangeError for an option that is wrong. */
  constructor(
    readonly id: NodeId,
    peers: readonly NodeId[],
    options: Partial<InvalidatorOptions> = {},
  ) {
    this.options = withDefaults("a cache invalidator", defaults, options);
    const { pollMs, replyMs, batch, gutters } = this.options;
    inRange("pollMs", pollMs, { min: 0.1, max: 86_400_000 });
    inRange("replyMs", replyMs, { min: 0.1, max: 86_400_000 });
    wholeInRange("batch", batch, { min: 1, max: 10_000 });
    this.servers = serversOf(peers, this.options);
    const all = [...this.servers, ...gutters];
    this.streams = new Map(all.map((id) => [id, { position: 0, upTo: 0, requestId: 0 }]));
  }

  get rules(): InvalidatorRules {
    return invalidatorRules;
  }

  handle(event: Event<CacheMessage, CacheTimer>, host: CacheHost): void {
    if (event.kind === "start") return this.start(event.saved, host);
    if (event.kind === "timer") return this.ring(event.timer, host);
    if (event.message.type === "log") this.read(event.message.entries, host);
    if (event.message.type === "allDeleted") {
      this.onAnswer(event.from, event.message.requestId, host);
    }
  }

  private start(saved: Readonly<Record<string, unknown>>, host: CacheHost): void {
    const life = ((saved["life"] as number | undefined) ?? 0) + 1;
    host.save("life", life);
    this.requests = life * 2 ** 32;
    for (const [server, stream] of this.streams) {
      stream.position = (saved[`position/${server}`] as number | undefined) ?? 0;
    }
    this.done = this.slowest;
    this.poll(host);
  }

  /** All servers have deleted what was written up to there. */
  private get slowest(): number {
    return Math.min(...[...this.streams.values()].map(({ position }) => position));
  }

  private ring(timer: CacheTimer, host: CacheHost): void {
    if (timer === "poll") return this.poll(host);
    if (typeof timer !== "object" || !("resend" in timer)) return;
    const stream = this.streams.get(timer.resend);
    if (stream === undefined || stream.upTo === 0) return;
    if (this.rules.isStubborn) this.send(timer.resend, stream, host);
    else this.advance(timer.resend, stream, host);
  }

  private poll(host: CacheHost): void {
    const last = this.tail[this.tail.length - 1]?.position ?? this.done;
    host.send(this.options.database, { type: "tail", after: last, done: this.done });
    host.setTimer("poll", this.options.pollMs);
  }

  private read(entries: readonly LogEntry[], host: CacheHost): void {
    const last = this.tail[this.tail.length - 1]?.position ?? this.done;
    this.tail = [...this.tail, ...entries.filter(({ position }) => position > last)];
    for (const [server, stream] of this.streams) {
      if (stream.upTo === 0) this.tellNext(server, stream, host);
    }
  }

  /** In the order of the log; what a server cannot have it need not delete. */
  private tellNext(server: NodeId, stream: Stream, host: CacheHost): void {
    const next = this.tail.filter(({ position }) => position > stream.position);
    const last = next.slice(0, this.options.batch).pop();
    if (last === undefined) return;
    stream.upTo = last.position;
    stream.requestId = ++this.requests;
    if (this.rowsFor(server, stream).length === 0) return this.advance(server, stream, host);
    this.send(server, stream, host);
    if (!this.rules.waitsForAnswers) this.advance(server, stream, host);
  }

  private rowsFor(server: NodeId, { position, upTo }: Stream) {
    return this.tail
      .filter((entry) => entry.position > position && entry.position <= upTo)
      .filter(({ key }) => this.holders(key).includes(server))
      .map(({ key, version }) => ({ key, version }));
  }

  private holders(key: string): readonly NodeId[] {
    const all = holdersOf(this, key);
    if (this.rules.tellsGutters) return all;
    return all.filter((id) => !this.options.gutters.includes(id));
  }

  private send(server: NodeId, stream: Stream, host: CacheHost): void {
    const { requestId } = stream;
    host.send(server, { type: "deletes", requestId, rows: this.rowsFor(server, stream) });
    host.setTimer({ resend: server }, this.options.replyMs);
  }

  private onAnswer(server: NodeId, requestId: number, host: CacheHost): void {
    const stream = this.streams.get(server);
    if (stream === undefined || stream.upTo === 0 || stream.requestId !== requestId) return;
    host.cancelTimer({ resend: server });
    this.advance(server, stream, host);
  }

  private advance(server: NodeId, stream: Stream, host: CacheHost): void {
    stream.position = stream.upTo;
    stream.upTo = 0;
    host.save(`position/${server}`, stream.position);
    const { slowest } = this;
    for (const { key, version, position } of this.tail) {
      if (position <= slowest) host.note("invalidated", { key, version });
    }
    this.tail = this.tail.filter(({ position }) => position > slowest);
    this.done = slowest;
    this.tellNext(server, stream, host);
  }
}
