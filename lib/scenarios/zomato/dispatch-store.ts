/**
 * What the dispatchers share: partners, kitchens' slots and stock. It does what it is told, as a
 * table of rows would, and counts what should never have been told; with tokens it knows the late.
 *
 * Source: ours; tokens as in M. Burrows, "The Chubby lock service", OSDI 2006, section 2.4.
 * Assumes: it does not fail.
 * Guarantees: with tokens, an order that was checked under locks that are another's now is refused.
 * Cost: two messages a check or an assignment.
 */
import type { LockMessage, LockTimer, Tokens } from "../../locks";
import type { Event, Host, Node, NodeId } from "../../protocol";

/** Names of the locks of one order. */
export interface OrderNeeds {
  readonly kitchen: string;
  readonly partner: string;
  readonly stock: string;
}

export type ZomatoMessage =
  | LockMessage
  | { readonly type: "look"; readonly requestId: number; readonly tokens: Tokens | null }
  | {
      readonly type: "looked";
      readonly requestId: number;
      readonly busy: readonly string[];
    }
  | {
      readonly type: "assign";
      readonly requestId: number;
      readonly order: string;
      readonly needs: OrderNeeds;
      readonly tokens: Tokens | null;
    }
  | { readonly type: "assigned"; readonly requestId: number; readonly isDone: boolean };

export type ZomatoTimer = LockTimer | { readonly delivered: string };

export interface StoreOptions {
  /** What each kitchen can cook at a time, and what there is of each dish. */
  readonly slots: number;
  readonly portions: number;
  /** How long a partner, and a slot, are taken by an order. */
  readonly deliverMs: number;
  readonly isFenced: boolean;
}

type StoreHost = Host<ZomatoMessage, ZomatoTimer>;

export class DispatchStore implements Node<ZomatoMessage, ZomatoTimer> {
  private readonly options: StoreOptions;
  /** Orders on their way by partner, cooking by kitchen, and sold by dish. */
  private readonly taken = new Map<string, Set<string>>();
  private readonly highest = new Map<string, number>();
  private readonly orders = new Map<string, OrderNeeds>();

  constructor(
    readonly id: NodeId,
    readonly peers: readonly NodeId[] = [],
    options: Partial<StoreOptions> = {},
  ) {
    const defaults = { slots: 4, portions: 1_000, deliverMs: 200, isFenced: true };
    this.options = { ...defaults, ...options };
  }

  handle(event: Event<ZomatoMessage, ZomatoTimer>, host: StoreHost): void {
    if (event.kind === "timer" && typeof event.timer === "object") {
      this.delivered(event.timer.delivered);
    }
    if (event.kind !== "message") return;
    const { message, from } = event;
    if (message.type === "look") {
      this.isFresh(message.tokens);
      const busy = [...this.taken.keys()].filter((name) => this.isFull(name));
      host.send(from, { type: "looked", requestId: message.requestId, busy });
    } else if (message.type === "assign") {
      const isDone = this.assign(message, host);
      host.send(from, { type: "assigned", requestId: message.requestId, isDone });
    }
  }

  private limitOf(name: string): number {
    const { slots, portions } = this.options;
    return name.startsWith("partner") ? 1 : name.startsWith("kitchen") ? slots : portions;
  }

  private isFull(name: string): boolean {
    return (this.taken.get(name)?.size ?? 0) >= this.limitOf(name);
  }

  /** Whether no later holder of any of the locks has been here. */
  private isFresh(tokens: Tokens | null): boolean {
    const all = Object.entries(tokens ?? {});
    if (all.some(([name, token]) => token < (this.highest.get(name) ?? 0))) return false;
    for (const [name, token] of all) this.highest.set(name, token);
    return true;
  }

  private assign(
    { order, needs, tokens }: Extract<ZomatoMessage, { type: "assign" }>,
    host: StoreHost,
  ): boolean {
    if (this.orders.has(order)) return true; // told once more
    if (this.options.isFenced && (tokens === null || !this.isFresh(tokens))) {
      host.note("refused", { order });
      return false;
    }
    const names = [needs.kitchen, needs.partner, needs.stock];
    for (const name of names) {
      if (this.isFull(name)) host.note("over", { name, order });
      this.taken.set(name, (this.taken.get(name) ?? new Set()).add(order));
    }
    this.orders.set(order, needs);
    host.setTimer({ delivered: order }, this.options.deliverMs);
    host.note("given", { order, ...needs });
    return true;
  }

  /** The partner and the slot are free again; what is eaten stays sold. */
  private delivered(order: string): void {
    const needs = this.orders.get(order);
    for (const name of [needs?.partner, needs?.kitchen]) this.taken.get(name ?? "")?.delete(order);
  }
}
