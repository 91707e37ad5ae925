/**
 * A client that makes load: books one journey after the other, drawn evenly from a list, and waits
 * for each answer: a closed loop, for measurements on real hosts.
 *
 * Source: finding the leader as in Ongaro 2014, section 6.2.
 * Assumes: servers that are asked forever answer in the end.
 * Guarantees: each key becomes one ticket or one refusal. Its notes are the events of a history.
 * Cost: one message an operation, and one for each redirection and repetition.
 */
import type { RaftMessage, RaftTimer } from "../../../consensus/raft";
import type { Event, Host, Node, NodeId } from "../../../protocol";
import type { BookingCommand, BookingRequestFor } from "./commands";

export interface BookingLoadOptions {
  readonly requests: readonly BookingRequestFor[];
  /** Asks the next server after so long; default 1,000 ms. */
  readonly retryMs: number;
}

export class BookingLoadClient implements Node<RaftMessage, RaftTimer> {
  private readonly requests: readonly BookingRequestFor[];
  private readonly retryMs: number;
  private requestId = 0;
  private server = 0;
  private command: BookingCommand | null = null;

  /** `peers`: the servers of one shard. */
  constructor(
    readonly id: NodeId,
    private readonly peers: readonly NodeId[],
    { requests = [], retryMs = 1_000 }: Partial<BookingLoadOptions> = {},
  ) {
    if (requests.length === 0) throw new RangeError("a load of bookings needs requests");
    this.requests = requests;
    this.retryMs = retryMs;
  }

  handle(event: Event<RaftMessage, RaftTimer>, host: Host<RaftMessage, RaftTimer>): void {
    if (event.kind === "start") return this.book(host);
    if (event.kind === "timer") {
      this.server++;
      return this.send(host);
    }
    const { message } = event;
    if (message.type !== "answer" || message.requestId !== this.requestId) return;
    if (message.kind === "notLeader" && message.leader !== null) {
      const at = this.peers.indexOf(message.leader);
      if (at < 0 || at === this.server % this.peers.length) return;
      this.server = at;
      return this.send(host);
    }
    if (message.kind !== "ok") return; // the retry timer is set
    const { kind } = message.result as { kind: string };
    host.note(kind === "ticket" ? "ok" : "fail", { f: "book" });
    this.book(host);
  }

  private book(host: Host<RaftMessage, RaftTimer>): void {
    const request = this.requests[Math.floor(host.random() * this.requests.length)];
    const key = `${this.id}/${Math.floor(host.random() * 2 ** 52)}`;
    this.command = { op: "book", key, ...(request as BookingRequestFor) };
    this.requestId++;
    host.note("invoke", { f: "book" });
    this.send(host);
  }

  private send(host: Host<RaftMessage, RaftTimer>): void {
    const to = this.peers[this.server % this.peers.length] as NodeId;
    host.send(to, { type: "command", requestId: this.requestId, command: this.command });
    host.setTimer("retry", this.retryMs);
  }
}
