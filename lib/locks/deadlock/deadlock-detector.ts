/**
 * One node that draws the wait-for graph of all sites from their reports, and ends the youngest
 * transaction of every circle that it sees.
 *
 * Source: M. Stonebraker, "Concurrency Control and Consistency of Multiple Copies of Data in
 * Distributed INGRES", IEEE TSE 5(3), 1979: the "snoop". The reports are of different moments.
 * Assumes: messages arrive.
 * Guarantees: every deadlock is seen; what is seen may be past, unless locking is two-phase.
 * Cost: one message a site and period, however many wait.
 */
import type { Event, Host, Node, NodeId } from "../../protocol";
import { findCycle } from "../table";
import { isOlder } from "./messages";
import type { DeadlockMessage, DeadlockTimer, Transaction } from "./messages";

/** Those that it has ended already, and may still be in reports; the latest so many. */
const remembered = 1_000;

export class DeadlockDetector implements Node<DeadlockMessage, DeadlockTimer> {
  private readonly reports = new Map<NodeId, readonly (readonly [Transaction, Transaction])[]>();
  private readonly condemned = new Set<string>();

  /** `peers` are not needed: sites report by themselves. */
  constructor(
    readonly id: NodeId,
    readonly peers: readonly NodeId[] = [],
  ) {}

  handle(
    event: Event<DeadlockMessage, DeadlockTimer>,
    host: Host<DeadlockMessage, DeadlockTimer>,
  ): void {
    if (event.kind !== "message" || event.message.type !== "edges") return;
    this.reports.set(event.from, event.message.edges);
    for (;;) {
      const victim = this.victim();
      if (victim === undefined) return;
      this.condemned.add(victim.id);
      const [oldest] = this.condemned;
      if (this.condemned.size > remembered) this.condemned.delete(oldest);
      host.send(victim.client, { type: "abort", transaction: victim.id });
    }
  }

  /** The youngest in a circle. */
  private victim(): Transaction | undefined {
    const known = new Map<string, Transaction>();
    const graph = new Map<string, string[]>();
    for (const [waiter, holder] of [...this.reports.values()].flat()) {
      if (this.condemned.has(waiter.id) || this.condemned.has(holder.id)) continue;
      for (const each of [waiter, holder]) known.set(each.id, each);
      graph.set(waiter.id, [...(graph.get(waiter.id) ?? []), holder.id]);
    }
    const cycle = (findCycle(graph) ?? []).flatMap((id) => known.get(id) ?? []);
    return cycle.reduce<Transaction | undefined>(
      (youngest, each) => (youngest === undefined || isOlder(youngest, each) ? each : youngest),
      undefined,
    );
  }
}
