/**
 * A server of one shard of trains: Raft with the booking machine. While it leads, it writes its
 * clock into what it is asked, lets time pass for the machine, and carries the machine's payment
 * orders to the gateway until they are answered.
 *
 * Source: Ongaro 2014 for Raft; the time in commands is M. Castro and B. Liskov's, "Practical
 * Byzantine fault tolerance", OSDI 1999, section 4.6: the primary proposes, all others follow.
 * Assumes: as Raft; the gateway does what comes under one key once; clocks have the right pace,
 * and one that is ahead takes the log's time with it: what ends then has ended early, for good.
 * Guarantees: a command that is answered is in the log, and so are its key and its time; time in
 * the log never goes back; each order reaches the gateway once a majority and the gateway last.
 * Cost: of a booking two entries (held, paid) and two messages to and from the gateway.
 */
import type { Event, Host, NodeId } from "../../../protocol";
import { readTrustedClock } from "../../../protocol/trusted-clock";
import type { TrustedClock } from "../../../protocol/trusted-clock";
import { inRange } from "../../../basics";
import { Raft } from "../../../consensus/raft";
import type { RaftOptions, RaftTimer } from "../../../consensus/raft";
import { booksOf } from "./books";
import type { BookingBooks } from "./books";
import type { BookingCommand } from "./commands";
import type { BookingMessage } from "./messages";
import type { BookingState, PaymentOrder } from "./state";

export interface BookingServerOptions extends RaftOptions {
  /** Default "g1"; null: orders are left lying, as for measurements without payments. */
  readonly gateway: NodeId | null;
  /** A payment order is repeated after so long without an answer; default 500 ms. */
  readonly repeatMs: number;
  /** How old the machine's time may become when nothing is booked; default 100 ms. */
  readonly tickMs: number;
}

export type BookingHost = Host<BookingMessage, RaftTimer>;
type BookingEvent = Event<BookingMessage, RaftTimer>;

/** Orders repeated at one heartbeat, at most. */
const maxRepeats = 100;

export class BookingServer extends Raft {
  private readonly gateway: NodeId | null;
  private readonly repeatMs: number;
  private readonly tickMs: number;
  /** While it leads: when each open order was last sent, and how often; the last one looked at. */
  private sent = new Map<number, { readonly atMs: number; readonly times: number }>();
  private lastOrder: number | null = null;
  /** Goes on from the time in the log while it leads, where its own clock is behind that. */
  private readonly logClock: TrustedClock = { timeMs: 0, lookedMs: null };

  /** `peers`: the other servers of the shard. Throws a RangeError for an option that is wrong. */
  constructor(id: NodeId, peers: readonly NodeId[], options: Partial<BookingServerOptions> = {}) {
    const { gateway = "g1", repeatMs = 500, tickMs = 100, ...raft } = options;
    super(id, peers, { machine: "booking", ...raft });
    inRange("repeatMs", repeatMs, { min: 1, max: Number.MAX_SAFE_INTEGER });
    inRange("tickMs", tickMs, { min: 1, max: Number.MAX_SAFE_INTEGER });
    this.gateway = gateway;
    this.repeatMs = repeatMs;
    this.tickMs = tickMs;
  }

  get booking(): BookingState {
    return this.machineState as BookingState;
  }

  /** Of all departures, ended ones too. */
  get ticketCount(): number {
    return this.booking.tickets.size;
  }

  /** What the shard's tickets and money add up to. */
  get books(): BookingBooks {
    return booksOf(this.booking);
  }

  /** Entries that wait for a majority, while it leads. */
  get uncommitted(): number {
    return this.log.baseIndex + this.log.entries.length - this.commitIndex;
  }

  override handle(event: BookingEvent, host: BookingHost): void {
    if (event.kind !== "message") super.handle(event, host);
    else this.hearAny(event.from, event.message, host);
    if (this.role !== "leader") {
      this.lastOrder = null;
      this.logClock.lookedMs = null;
      return;
    }
    if (event.kind === "timer" && event.timer === "heartbeat") this.beat(host);
    this.sendOrders(host);
  }

  protected hearAny(from: NodeId, message: BookingMessage, host: BookingHost): void {
    switch (message.type) {
      case "charged":
        return this.propose({ op: "paid", pnr: message.pnr }, host);
      case "declined":
      case "refunded":
        return this.propose({ op: message.type, pnr: message.pnr }, host);
      case "charge":
      case "refund":
        return;
      case "command": {
        const command = this.stamped(message.command as BookingCommand, host);
        return super.handle({ kind: "message", from, message: { ...message, command } }, host);
      }
      default:
        return super.handle({ kind: "message", from, message }, host);
    }
  }

  /** The proposed time: what a client's clock shows counts for nothing. */
  protected stamped(command: BookingCommand, host: BookingHost): BookingCommand {
    return { ...command, atMs: this.timeFor(host) };
  }

  /**
   * Its clock's time; where the log is ahead of that, by an earlier leader's clock or before its
   * own was put back, it goes on from there at its clock's pace: holds must end all the same.
   */
  private timeFor({ nowMs }: BookingHost): number {
    const maxStepMs = 2 * this.options.heartbeatMs;
    const own = { nowMs, agreedMs: this.booking.clockMs, maxStepMs };
    return Math.floor(Math.max(nowMs, readTrustedClock(this.logClock, own)));
  }

  /** A command of the leader's own: who hears nothing of it asks again. */
  private propose(command: BookingCommand, host: BookingHost): void {
    if (this.role !== "leader") return;
    const message = {
      type: "command",
      requestId: 0,
      command: this.stamped(command, host),
    } as const;
    super.handle({ kind: "message", from: this.id, message }, host);
  }

  private beat(host: BookingHost): void {
    if (this.timeFor(host) - this.booking.clockMs >= this.tickMs) {
      this.propose({ op: "tick" }, host);
    }
    let repeats = 0;
    for (const [id, { atMs, times }] of this.sent) {
      const order = this.booking.orders.get(id);
      if (order === undefined) this.sent.delete(id);
      else if (host.nowMs - atMs >= this.repeatMs && repeats++ < maxRepeats) {
        this.send(order, times + 1, host);
      }
    }
  }

  /** New orders; of whoever has just come to lead, all that are open. */
  private sendOrders(host: BookingHost): void {
    const { orders, nextOrder } = this.booking;
    if (this.lastOrder === null) {
      this.sent = new Map();
      for (const order of orders.values()) this.send(order, 1, host);
    } else {
      for (let id = this.lastOrder + 1; id < nextOrder; id++) {
        const order = orders.get(id);
        if (order !== undefined) this.send(order, 1, host);
      }
    }
    this.lastOrder = nextOrder - 1;
  }

  private send(order: PaymentOrder, times: number, host: BookingHost): void {
    if (this.gateway === null) return;
    this.sent.set(order.id, { atMs: host.nowMs, times });
    const { kind: type, pnr, paise } = order;
    host.send(this.gateway, { type, pnr, paise, key: this.paymentKey(order, times) });
  }

  /** The same however often it is sent, and by whom. */
  protected paymentKey({ kind, pnr }: PaymentOrder, _times: number): string {
    return `${kind}/${pnr}`;
  }
}
