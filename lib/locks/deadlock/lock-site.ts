/**
 * A site: some of the items that transactions lock, each with a holder and a line of waiters, and
 * the site's part in whatever is done about deadlocks.
 *
 * Source: K. Chandy, J. Misra, L. Haas, "Distributed Deadlock Detection", ACM TOCS 1(2), 1983
 * (probes, AND model; ours lets only probes of the youngest through, so that one victim falls);
 * D. Rosenkrantz, R. Stearns, P. Lewis, "System Level Concurrency Control", TODS 3(2), 1978
 * (wait-die, wound-wait). Assumes: messages arrive; nobody crashes.
 * Guarantees: one holder an item, in the order of arrival; with a policy no wait is for ever.
 * Cost: two messages a lock; then "central" one message a site and period, "edgeChasing" one for
 * each edge that a probe follows, prevention at most one for each conflict.
 */
import type { Event, Host, Node, NodeId } from "../../protocol";
import { deadlockOptions, isOlder } from "./messages";
import type { DeadlockMessage, DeadlockOptions, DeadlockTimer, Transaction } from "./messages";

export interface Item {
  holder: Transaction | null;
  readonly line: Transaction[];
}

type SiteHost = Host<DeadlockMessage, DeadlockTimer>;

export class LockSite implements Node<DeadlockMessage, DeadlockTimer> {
  readonly options: DeadlockOptions;
  readonly items = new Map<string, Item>();

  /** `peers`: the detector, first; only "central" needs one. */
  constructor(
    readonly id: NodeId,
    private readonly peers: readonly NodeId[],
    options: Partial<DeadlockOptions> = {},
  ) {
    this.options = deadlockOptions(options);
  }

  handle(event: Event<DeadlockMessage, DeadlockTimer>, host: SiteHost): void {
    if (event.kind === "start") this.plan(host);
    else if (event.kind === "timer") this.ring(event.timer, host);
    else if (event.message.type === "lock") this.lock(event.message, host);
    else if (event.message.type === "unlock") this.unlock(event.message, host);
    else if (event.message.type === "chase") this.chase(event.message, host);
  }

  private plan(host: SiteHost): void {
    if (this.options.policy === "central") host.setTimer("report", this.options.detectMs);
  }

  private ring(timer: DeadlockTimer, host: SiteHost): void {
    if (timer === "report") return this.report(host);
    if (typeof timer !== "object") return;
    const waiter = this.items.get(timer.item)?.line.find(({ id }) => id === timer.probe);
    if (waiter === undefined) return;
    host.setTimer(timer, this.options.detectMs);
    this.chase({ initiator: waiter, transaction: waiter.id }, host);
  }

  private report(host: SiteHost): void {
    const edges = [...this.items.values()].flatMap(({ holder, line }) =>
      holder === null ? [] : line.map((waiter) => [waiter, holder] as const),
    );
    host.send(this.peers[0], { type: "edges", edges });
    host.setTimer("report", this.options.detectMs);
  }

  private lock(
    { transaction, item: name }: { transaction: Transaction; item: string },
    host: SiteHost,
  ): void {
    const item = this.items.get(name) ?? { holder: null, line: [] };
    this.items.set(name, item);
    item.line.push(transaction);
    if (item.holder === null) return this.grant(name, item, host);
    this.prevent(transaction, item, host);
    const isChased = this.options.policy === "edgeChasing";
    if (isChased) host.setTimer({ probe: transaction.id, item: name }, this.options.detectMs);
  }

  private grant(name: string, item: Item, host: SiteHost): void {
    const next = item.line.shift();
    item.holder = next ?? null;
    if (next === undefined) return;
    host.send(next.client, { type: "granted", transaction: next.id, item: name });
    for (const waiter of [...item.line]) this.prevent(waiter, item, host);
  }

  /** Only one of older and younger may wait for the other, so that no circle can close. */
  private prevent(waiter: Transaction, { holder }: Item, host: SiteHost): void {
    if (holder === null) return;
    const { policy } = this.options;
    const isWaiterOlder = isOlder(waiter, holder);
    if (policy === "waitDie" && !isWaiterOlder) this.abort(waiter, host);
    if (policy === "woundWait" && isWaiterOlder) this.abort(holder, host);
  }

  private abort({ client, id }: Transaction, host: SiteHost): void {
    host.send(client, { type: "abort", transaction: id });
  }

  private unlock({ transaction, item }: { transaction: string; item?: string }, host: SiteHost) {
    const names = item === undefined ? [...this.items.keys()] : [item];
    for (const name of names) {
      const entry = this.items.get(name);
      if (entry === undefined) continue;
      const place = entry.line.findIndex(({ id }) => id === transaction);
      if (place >= 0) entry.line.splice(place, 1);
      if (entry.holder?.id === transaction) this.grant(name, entry, host);
      if (entry.holder === null && entry.line.length === 0) this.items.delete(name);
    }
  }

  /** Follows the edge from a transaction that waits here to the one that it waits for. */
  private chase(
    { initiator, transaction }: { initiator: Transaction; transaction: string },
    host: SiteHost,
  ): void {
    for (const { holder, line } of this.items.values()) {
      if (holder === null || !line.some(({ id }) => id === transaction)) continue;
      host.send(holder.client, { type: "probe", initiator, to: holder.id });
    }
  }
}
