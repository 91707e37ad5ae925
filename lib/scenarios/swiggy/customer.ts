/** Customers of a zone, one after the other. */
import { noEpoch } from "../../consensus/election";
import type { Epoch } from "../../consensus/election";
import type { Event, Host, Node, NodeId } from "../../protocol";
import type { ZoneMessage, ZoneTimer } from "./messages";

type ZoneHost = Host<ZoneMessage, ZoneTimer>;

export interface ZoneCustomerOptions {
  /** Time between two orders; default 100 ms. */
  readonly everyMs: number;
  readonly orders: number;
  /** An order that is not accepted by then is sent again; default 150 ms. */
  readonly retryMs: number;
}

/**
 * Orders one meal after another: it asks the registry who leads, remembers the answer, and asks
 * again when its order is not accepted. Every order is sent until it is.
 *
 * Source: our own.
 * Assumes: messages are lost, late, repeated.
 * Guarantees: an order that is accepted was given to a rider; a repeated one is the same order.
 * Cost: two messages an order, and three more each time the leader is another.
 */
export class ZoneCustomer implements Node<ZoneMessage, ZoneTimer> {
  private readonly options: ZoneCustomerOptions;
  private readonly open = new Set<string>();
  private epoch: Epoch = noEpoch;
  private sent = 0;

  constructor(
    readonly id: NodeId,
    _peers: readonly NodeId[],
    options: Partial<ZoneCustomerOptions> = {},
  ) {
    this.options = { everyMs: 100, orders: 20, retryMs: 150, ...options };
  }

  handle(event: Event<ZoneMessage, ZoneTimer>, host: ZoneHost): void {
    if (event.kind === "start") {
      host.send("registry", { type: "whoLeads" });
      host.setTimer("order", this.options.everyMs);
      host.setTimer("retry", this.options.retryMs);
    } else if (event.kind === "message") this.hear(event.message, host);
    else if (event.timer === "order") this.order(host);
    else this.retry(host);
  }

  private order(host: ZoneHost): void {
    if (this.sent === this.options.orders) return;
    const order = `${this.id}/${++this.sent}`;
    this.open.add(order);
    host.note("ordered", { order });
    this.send(order, host);
    host.setTimer("order", this.options.everyMs);
  }

  private retry(host: ZoneHost): void {
    if (this.open.size > 0) host.send("registry", { type: "whoLeads" });
    for (const order of this.open) this.send(order, host);
    host.setTimer("retry", this.options.retryMs);
  }

  private send(order: string, host: ZoneHost): void {
    const { leader } = this.epoch;
    if (leader !== "") host.send(leader, { type: "order", order });
  }

  private hear(message: ZoneMessage, host: ZoneHost): void {
    if (message.type === "leads") this.epoch = message.epoch;
    if (message.type !== "accepted" || !this.open.delete(message.order)) return;
    host.note("accepted", { order: message.order });
  }
}
