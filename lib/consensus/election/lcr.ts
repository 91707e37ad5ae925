/**
 * Election in a one-way ring at its plainest: all begin, once, and each passes on only names that
 * are higher than its own.
 *
 * Source: LCR in N. Lynch, "Distributed Algorithms", 1996, section 3.3, after G. Le Lann (1977) and
 * Chang and Roberts (1979). Against theirs nobody joins on the way, since all have begun.
 * Assumes: no failures; messages arrive, in any order; the ring is the same at all.
 * Guarantees: exactly one node ever leads, the highest, and all hear of it.
 * Cost: 2n - 1 to n(n + 1)/2 messages by the order of the names, n H_n in the mean; then n more.
 */
import type { Event, Host, Message, Node, NodeId } from "../../protocol";
import { isHigher, noEpoch } from "./epoch";
import type { Epoch } from "./epoch";
import { neighbourOf, ringOf } from "./ring";
import type { Elected, RingOptions } from "./ring";

export type LcrMessage = (Message & { readonly type: "token"; readonly name: NodeId }) | Elected;

export class Lcr implements Node<LcrMessage, never> {
  leader: NodeId | null = null;
  epoch: Epoch = noEpoch;
  private readonly next: NodeId;

  /** Throws a RangeError for a ring that is wrong. */
  constructor(
    readonly id: NodeId,
    peers: readonly NodeId[],
    { ring = null }: Partial<RingOptions> = {},
  ) {
    this.next = neighbourOf(id, ringOf(id, peers, ring));
  }

  handle(event: Event<LcrMessage, never>, host: Host<LcrMessage, never>): void {
    if (event.kind === "start") return host.send(this.next, { type: "token", name: this.id });
    if (event.kind === "timer") return;
    const { message } = event;
    if (message.type === "elected") this.learn(message, host);
    else if (message.name === this.id) this.lead(host);
    else if (this.passes(message.name)) host.send(this.next, message);
  }

  /** Whether a name may go on. */
  protected passes(name: NodeId): boolean {
    return isHigher(name, this.id);
  }

  private lead(host: Host<LcrMessage, never>): void {
    this.leader = this.id;
    this.epoch = { count: 1, leader: this.id };
    host.note("becameLeader", this.epoch);
    host.send(this.next, { type: "elected", leader: this.id });
  }

  private learn(elected: Elected, host: Host<LcrMessage, never>): void {
    if (elected.leader === this.id) return;
    this.leader = elected.leader;
    this.epoch = { count: 1, leader: elected.leader };
    host.note("follows", this.epoch);
    host.send(this.next, elected);
  }
}
