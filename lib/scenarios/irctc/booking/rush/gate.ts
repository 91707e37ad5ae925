/**
 * The door of a shard in the Tatkal rush: lets in no more than the shard can serve while somebody
 * still waits for the answer, tells the others so at once, and serves users in turns.
 *
 * Source: M. Welsh and D. Culler, "Adaptive overload control for busy internet servers", USITS
 * 2003, for refusing at the door; RFC 970 for the turns. Ours sheds by age: the queue's bound is a
 * time, as in K. Nichols and V. Jacobson's CoDel, ACM Queue 2012, without its control law.
 * Assumes: a refused device may come again; a command has a key, so that asking twice does no harm.
 * Guarantees: with a bound, whoever is let in is asked for within `queueMs`; `window` requests at
 * most are under way at the servers.
 * Cost: two messages more a request; memory for those who wait.
 */
import type { ClientAnswer, ClientRequest, RaftMessage } from "../../../../consensus/raft";
import { inRange, wholeInRange } from "../../../../basics";
import type { Event, Host, Node, NodeId } from "../../../../protocol";
import type { BookingCommand } from "../commands";
import { FairQueue } from "./fair-queue";

export interface BookingGateOptions {
  /** Requests that may wait; null: any number, and nobody is refused. Default 1,000. */
  readonly maxQueue: number | null;
  /** Who has waited longer is refused when the turn comes, in ms; null: never. Default 2,000. */
  readonly queueMs: number | null;
  /** Whether users take turns; else first come, first served. Default true. */
  readonly isFair: boolean;
  /** Requests under way at the servers at a time; default 64. */
  readonly window: number;
  /** What a request costs the shard, in ms, one after the other; default 0: only real time. */
  readonly serviceMs: number;
  /** Asks the next server after so long; default 300 ms. */
  readonly retryMs: number;
}

type Timer = { readonly serve: true } | { readonly retry: number };
type GateHost = Host<RaftMessage, Timer>;
type Command = Extract<ClientRequest, { type: "command" }>;

interface Waiting {
  readonly from: NodeId;
  readonly request: Command;
  readonly sinceMs: number;
  /** The server that was asked last, by its place among the peers. */
  asked: number;
}

const defaults: BookingGateOptions = {
  ...{ maxQueue: 1_000, queueMs: 2_000, isFair: true, window: 64, serviceMs: 0, retryMs: 300 },
};

export class BookingGate implements Node<RaftMessage, Timer> {
  readonly options: BookingGateOptions;
  /** The longest that the queue has been. */
  longest = 0;
  refused = 0;
  private readonly queue = new FairQueue<Waiting>();
  private readonly underWay = new Map<number, Waiting>();
  private serving: Waiting | null = null;
  /** When the one that is served, or was last, is done. */
  private servedMs = 0;
  private server = 0;
  private requestId = 0;

  /** `peers`: the servers of the shard. Throws a RangeError for an option that is wrong. */
  constructor(
    readonly id: NodeId,
    private readonly peers: readonly NodeId[],
    options: Partial<BookingGateOptions> = {},
  ) {
    if (peers.length === 0) throw new RangeError("a gate needs the names of servers");
    this.options = { ...defaults, ...options };
    const { maxQueue, queueMs } = this.options;
    if (maxQueue !== null) wholeInRange("maxQueue", maxQueue, { min: 0, max: 10_000_000 });
    if (queueMs !== null) inRange("queueMs", queueMs, { min: 0, max: 86_400_000 });
    wholeInRange("window", this.options.window, { min: 1, max: 100_000 });
    inRange("serviceMs", this.options.serviceMs, { min: 0, max: 86_400_000 });
    inRange("retryMs", this.options.retryMs, { min: 1, max: 86_400_000 });
  }

  get waiting(): number {
    return this.queue.length;
  }

  /** Requests that it has let in, and that have no answer yet. */
  get unanswered(): number {
    return this.queue.length + this.underWay.size + (this.serving === null ? 0 : 1);
  }

  handle(event: Event<RaftMessage, Timer>, host: GateHost): void {
    if (event.kind === "start") host.save("lives", this.liveAgain(event.saved));
    else if (event.kind === "timer") this.ring(event.timer, host);
    else if (event.message.type === "command") this.letIn(event.from, event.message, host);
    else if (event.message.type === "answer") this.hear(event.from, event.message, host);
    this.serveNext(host);
  }

  /** Answers to an earlier life must fit no request of this one. */
  private liveAgain(saved: Readonly<Record<string, unknown>>): number {
    const lives = ((saved["lives"] as number | undefined) ?? 0) + 1;
    this.requestId = lives * 2 ** 32;
    return lives;
  }

  private letIn(from: NodeId, request: Command, host: GateHost): void {
    const { maxQueue, isFair } = this.options;
    if (maxQueue !== null && this.queue.length >= maxQueue) {
      return this.refuse({ from, request }, host);
    }
    const { key = "" } = request.command as Extract<BookingCommand, { op: "book" }>;
    const [user = ""] = key.split("/");
    this.queue.push(isFair ? user : "", { from, request, sinceMs: host.nowMs, asked: 0 });
    this.longest = Math.max(this.longest, this.queue.length);
  }

  private refuse({ from, request }: Pick<Waiting, "from" | "request">, host: GateHost): void {
    this.refused++;
    const { requestId } = request;
    host.send(from, { type: "answer", requestId, kind: "busy", reason: "too many are ahead" });
  }

  private serveNext(host: GateHost): void {
    const { window, serviceMs, queueMs } = this.options;
    while (this.serving === null && this.underWay.size < window) {
      const next = this.queue.shift();
      if (next === undefined) return;
      if (queueMs !== null && host.nowMs - next.sinceMs > queueMs) this.refuse(next, host);
      else if (serviceMs === 0) this.forward(next, host);
      else this.serve(next, serviceMs, host);
    }
  }

  /** From when it has come and the one before is done: a timer that rings late loses no time. */
  private serve(next: Waiting, serviceMs: number, host: GateHost): void {
    this.servedMs = Math.max(this.servedMs, next.sinceMs) + serviceMs;
    if (this.servedMs <= host.nowMs) return this.forward(next, host);
    this.serving = next;
    host.setTimer({ serve: true }, this.servedMs - host.nowMs);
  }

  private ring(timer: Timer, host: GateHost): void {
    if ("retry" in timer) {
      const silent = this.underWay.get(timer.retry);
      if (silent === undefined) return;
      // Only the first one that hears nothing turns to the next server: the others follow.
      if (silent.asked === this.server) this.server = (this.server + 1) % this.peers.length;
      this.send(timer.retry, host);
    } else if (this.serving !== null) {
      this.forward(this.serving, host);
      this.serving = null;
    }
  }

  private forward(waiting: Waiting, host: GateHost): void {
    this.underWay.set(++this.requestId, waiting);
    this.send(this.requestId, host);
  }

  private send(requestId: number, host: GateHost): void {
    const waiting = this.underWay.get(requestId) as Waiting;
    const { command } = waiting.request;
    waiting.asked = this.server;
    host.send(this.peers[this.server] as NodeId, { type: "command", requestId, command });
    host.setTimer({ retry: requestId }, this.options.retryMs);
  }

  private hear(from: NodeId, answer: ClientAnswer, host: GateHost): void {
    const waiting = this.underWay.get(answer.requestId);
    if (waiting === undefined || answer.kind === "busy" || answer.kind === "unknown") return;
    if (answer.kind === "notLeader") {
      if (answer.leader === null || answer.leader === from) return;
      this.server = Math.max(0, this.peers.indexOf(answer.leader));
      if (this.server !== waiting.asked) this.send(answer.requestId, host);
      return;
    }
    this.underWay.delete(answer.requestId);
    host.cancelTimer({ retry: answer.requestId });
    host.send(waiting.from, { ...answer, requestId: waiting.request.requestId });
  }
}
