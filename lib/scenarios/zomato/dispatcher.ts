/**
 * A dispatcher of one zone: order by order, it takes the locks of a kitchen, a delivery partner and
 * a dish, looks whether they are free, gives the order to them, and lets the locks go.
 *
 * Source: ours. Ways of locking: "none" looks and acts; "retry" tries until it happens to succeed,
 * as a loop around SET NX does; "fifo" stands in line.
 * Assumes: as `Leaseholder`.
 * Guarantees: with locks, and tokens at the store, no partner is given twice; with "fifo" nobody
 * starves.
 * Cost: an acquire and three releases an order. Notes: "done" { waitedMs }, "ended".
 */
import { Leaseholder } from "../../locks";
import type { LeaseSignal, Tokens } from "../../locks";
import type { Event, Host, Node, NodeId } from "../../protocol";
import type { OrderNeeds, ZomatoMessage, ZomatoTimer } from "./dispatch-store";

export type Locking = "none" | "retry" | "fifo";

export interface DispatcherOptions {
  readonly locking: Locking;
  readonly orders: number;
  readonly partners: number;
  readonly kitchens: number;
  readonly dishes: number;
  /** Between looking and giving: the matching of order and partner. */
  readonly matchMs: number;
  /** The longest random pause before a retry. */
  readonly backoffMs: number;
  readonly ttlMs: number;
  readonly store: NodeId;
}

const defaults: DispatcherOptions = {
  locking: "fifo",
  orders: 20,
  partners: 8,
  kitchens: 1,
  dishes: 3,
  matchMs: 10,
  backoffMs: 40,
  ttlMs: 1_000,
  store: "s1",
};

type DispatcherHost = Host<ZomatoMessage, ZomatoTimer>;
type ToStore = Extract<ZomatoMessage, { type: "look" | "assign" }>;

const askAgainMs = 60;

export class Dispatcher implements Node<ZomatoMessage, ZomatoTimer> {
  private readonly options: DispatcherOptions;
  private readonly lease: Leaseholder;
  private order = 0;
  private begunMs = 0;
  private needs: OrderNeeds = { kitchen: "", partner: "", stock: "" };
  private label = 0;
  private tokens: Tokens | null = null;
  private requestId = 0;
  private request: ToStore | null = null;

  constructor(
    readonly id: NodeId,
    peers: readonly NodeId[],
    options: Partial<DispatcherOptions> = {},
  ) {
    this.options = { ...defaults, ...options };
    this.lease = new Leaseholder(peers, { ttlMs: this.options.ttlMs });
  }

  handle(event: Event<ZomatoMessage, ZomatoTimer>, host: DispatcherHost): void {
    if (event.kind === "start") {
      if (this.options.locking !== "none") this.lease.start(event.saved, host);
      return host.setTimer("think", 1);
    }
    for (const signal of this.signals(event, host)) this.follow(signal, host);
    if (event.kind === "timer") this.ring(event.timer, host);
    else if (event.message.type === "looked") this.looked(event.message, host);
    else if (event.message.type === "assigned") this.assigned(event.message, host);
  }

  /** The leaseholder knows its own messages and timers, and passes over the others. */
  private signals(event: Event<ZomatoMessage, ZomatoTimer>, host: DispatcherHost): LeaseSignal[] {
    if (this.options.locking === "none") return [];
    return this.lease.react(event as Parameters<Leaseholder["react"]>[0], host);
  }

  private ring(timer: ZomatoTimer, host: DispatcherHost): void {
    if (timer === "think") this.next(host);
    // Lost at this very moment: then the order is looked at again.
    const isLost = this.tokens === null && this.options.locking !== "none";
    if (timer === "work" && !isLost) this.give(host);
    if (timer === "use" && this.request !== null) this.ask(this.request, host);
  }

  private follow(signal: LeaseSignal, host: DispatcherHost): void {
    if (signal.kind === "lost") this.again(host);
    else if (signal.kind === "granted" && signal.label === this.label) {
      this.tokens = signal.tokens;
      this.look(host);
    } else if (signal.kind === "denied" && signal.label === this.label) this.again(host);
  }

  /** The next order, or the same one once more. */
  private next(host: DispatcherHost): void {
    const { orders, locking } = this.options;
    if (this.begunMs === 0) {
      if (this.order >= orders) return host.note("ended");
      this.order++;
      this.begunMs = host.nowMs;
    }
    this.draw(host);
    if (locking === "none") return this.look(host);
    if (this.lease.session === null) return host.setTimer("think", 10);
    const names = Object.values(this.needs) as string[];
    const wish = { mode: "exclusive", waitMs: locking === "retry" ? 0 : null } as const;
    this.label = this.lease.acquire(names, wish, host);
  }

  private draw(host: DispatcherHost): void {
    const { partners, kitchens, dishes } = this.options;
    const draw = (count: number): number => 1 + Math.floor(host.random() * count);
    const [kitchen, partner] = [`kitchen-${draw(kitchens)}`, `partner-${draw(partners)}`];
    this.needs = { kitchen, partner, stock: `stock-${draw(dishes)}` };
  }

  private look(host: DispatcherHost): void {
    this.ask({ type: "look", requestId: ++this.requestId, tokens: this.tokens }, host);
  }

  private ask(request: ToStore, host: DispatcherHost): void {
    this.request = request;
    host.setTimer("use", askAgainMs);
    host.send(this.options.store, request);
  }

  private isAnswer(requestId: number, host: DispatcherHost): boolean {
    if (this.request?.requestId !== requestId) return false;
    this.request = null;
    host.cancelTimer("use");
    return true;
  }

  private looked(
    { requestId, busy }: Extract<ZomatoMessage, { type: "looked" }>,
    host: DispatcherHost,
  ): void {
    if (!this.isAnswer(requestId, host)) return;
    const isFree = Object.values(this.needs as unknown as object).every(
      (name) => !busy.includes(name as string),
    );
    if (isFree) host.setTimer("work", this.options.matchMs);
    else this.again(host);
  }

  private give(host: DispatcherHost): void {
    const order = `${this.id}/${this.order}`;
    const { needs, tokens } = this;
    this.ask({ type: "assign", requestId: ++this.requestId, order, needs, tokens }, host);
  }

  private assigned(
    { requestId, isDone }: Extract<ZomatoMessage, { type: "assigned" }>,
    host: DispatcherHost,
  ): void {
    if (!this.isAnswer(requestId, host)) return;
    if (!isDone) return this.again(host);
    host.note("done", { waitedMs: host.nowMs - this.begunMs });
    this.begunMs = 0;
    this.letGo(host);
    host.setTimer("think", 1);
  }

  private again(host: DispatcherHost): void {
    this.letGo(host);
    host.setTimer("think", 1 + host.random() * this.options.backoffMs);
  }

  private letGo(host: DispatcherHost): void {
    for (const timer of ["use", "work"] as const) host.cancelTimer(timer);
    this.request = null;
    this.label = 0;
    this.tokens = null;
    for (const name of [...this.lease.held.keys()]) this.lease.release(name, host);
  }
}
