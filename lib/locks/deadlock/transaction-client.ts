/**
 * A client that does one transaction after the other: locks some items one by one, in no order
 * that others share, works, and gives all back; told to abort, it does so at once and tries again.
 *
 * Source: as `LockSite`; a holder passes probes on as Chandy, Misra and Haas (1983) have it.
 * Assumes: messages arrive.
 * Guarantees: an attempt that works to its end has held all its locks, unless it is not two-phase.
 * Cost: as `LockSite`. Notes: "committed" { latencyMs }, and "aborting" { transaction } before.
 */
import type { Event, Host, Node, NodeId } from "../../protocol";
import { deadlockOptions, isOlder } from "./messages";
import type { DeadlockMessage, DeadlockOptions, DeadlockTimer, Transaction } from "./messages";

type ClientHost = Host<DeadlockMessage, DeadlockTimer>;

export class TransactionClient implements Node<DeadlockMessage, DeadlockTimer> {
  readonly options: DeadlockOptions;
  transaction: Transaction | null = null;
  /** What it wants, in the order in which it asks; those before `next` it has. */
  wanted: string[] = [];
  next = 0;
  /** Given back before the end. */
  returned = new Set<string>();
  private attempts = 0;
  private begunMs: number | null = null;

  /** `peers`: the sites. */
  constructor(
    readonly id: NodeId,
    private readonly peers: readonly NodeId[],
    options: Partial<DeadlockOptions> = {},
  ) {
    this.options = deadlockOptions(options);
  }

  /** What it waits for just now. */
  get waitsFor(): string | undefined {
    return this.transaction === null ? undefined : this.wanted[this.next];
  }

  handle(event: Event<DeadlockMessage, DeadlockTimer>, host: ClientHost): void {
    if (event.kind === "start") return this.think(this.options.thinkMs, host);
    if (event.kind === "timer") return this.ring(event.timer, host);
    const { message, from } = event;
    if (message.type === "probe") return this.probed(message, host);
    if (message.type !== "granted" && message.type !== "abort") return;
    const { transaction } = message;
    // The request of an attempt that is over has come after its end: it goes back.
    if (transaction !== this.transaction?.id)
      return host.send(from, { type: "unlock", transaction });
    if (message.type === "granted") this.granted(transaction, message.item, host);
    // One that has all its locks waits for nobody: only who is wounded stops there.
    else if (this.waitsFor !== undefined || this.options.policy === "woundWait") this.abort(host);
  }

  private ring(timer: DeadlockTimer, host: ClientHost): void {
    if (timer === "next") this.begin(host);
    if (timer === "work") this.commit(host);
    if (timer === "timeout" && this.waitsFor !== undefined) this.abort(host);
  }

  private think(meanMs: number, host: ClientHost): void {
    host.setTimer("next", exponential(meanMs, host));
  }

  /** A new transaction, or the last one again, with its age. */
  private begin(host: ClientHost): void {
    const { itemsEach, items } = this.options;
    const begunMs = this.begunMs ?? host.nowMs;
    if (this.begunMs === null) {
      const drawn = new Set<string>();
      while (drawn.size < itemsEach) drawn.add(`i${Math.floor(host.random() * items)}`);
      this.wanted = [...drawn];
    }
    this.begunMs = begunMs;
    this.next = 0;
    this.returned = new Set();
    this.transaction = { id: `${this.id}/${++this.attempts}`, client: this.id, begunMs };
    this.ask(host);
  }

  private ask(host: ClientHost): void {
    const { policy, timeoutMs, workMs } = this.options;
    const item = this.wanted[this.next];
    if (item === undefined || this.transaction === null) {
      host.cancelTimer("timeout");
      return host.setTimer("work", exponential(workMs, host));
    }
    if (policy === "timeout") host.setTimer("timeout", timeoutMs);
    host.send(this.siteOf(item), { type: "lock", transaction: this.transaction, item });
  }

  private siteOf(item: string): NodeId {
    return this.peers[Number(item.slice(1)) % this.peers.length];
  }

  private granted(transaction: string, item: string, host: ClientHost): void {
    if (item !== this.waitsFor) return;
    const before = this.wanted[this.next - 1];
    this.next++;
    if (!this.options.isTwoPhase && before !== undefined && host.random() < 0.5) {
      this.returned.add(before);
      host.send(this.siteOf(before), { type: "unlock", transaction, item: before });
    }
    this.ask(host);
  }

  /** A probe that comes home has gone round; those of older ones stop here: this one will see. */
  private probed(
    { initiator, to }: { initiator: Transaction; to: string },
    host: ClientHost,
  ): void {
    const { transaction, waitsFor } = this;
    if (transaction === null || to !== transaction.id || waitsFor === undefined) return;
    if (initiator.id === transaction.id) return this.abort(host);
    if (isOlder(initiator, transaction)) return;
    const chase = { type: "chase", initiator, transaction: transaction.id } as const;
    host.send(this.siteOf(waitsFor), chase);
  }

  private abort(host: ClientHost): void {
    host.note("aborting", { transaction: this.transaction?.id });
    this.giveBack(host);
    this.think(this.options.backoffMs, host);
  }

  private commit(host: ClientHost): void {
    if (this.transaction === null) return;
    host.note("committed", { latencyMs: host.nowMs - this.transaction.begunMs });
    this.giveBack(host);
    this.begunMs = null;
    this.think(this.options.thinkMs, host);
  }

  private giveBack(host: ClientHost): void {
    const { transaction } = this;
    if (transaction === null) return;
    const asked = this.wanted.slice(0, this.next + 1);
    for (const site of new Set(asked.map((item) => this.siteOf(item)))) {
      host.send(site, { type: "unlock", transaction: transaction.id });
    }
    this.transaction = null;
    host.cancelTimer("timeout");
    host.cancelTimer("work");
  }
}

function exponential(meanMs: number, host: ClientHost): number {
  return -meanMs * Math.log(1 - host.random());
}
