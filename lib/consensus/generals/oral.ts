/**
 * Oral messages, OM(m): loyal generals agree on the commander's order, m traitors among them.
 *
 * Source: L. Lamport, R. Shostak, M. Pease, "The Byzantine Generals Problem", ACM TOPLAS 4(3),
 * 1982, section 3. Ours sends all calls of the recursion that are equally deep in one round, and
 * names each by the way the order took.
 * Assumes: n >= 3m + 1; rounds: a message arrives within `roundMs`; who sent it is known.
 * Guarantees: IC1, loyal lieutenants do the same; IC2, and what a loyal commander ordered.
 * Cost: (n-1) + (n-1)(n-2) + ... + (n-1)...(n-m-1) messages, m + 1 rounds.
 */
import type { Event, Node, NodeId } from "../../protocol";
import { defaultOrder, generalOptions, isOrder, isWay, majority, waysOf } from "./generals";
import type { GeneralOptions, Order } from "./generals";
import { stepInRounds } from "./lock-step";
import type { General, RoundHost } from "./lock-step";

export interface OralMessage {
  readonly type: "order";
  /** The commander, and who passed the order on; the sender last. */
  readonly way: readonly NodeId[];
  readonly order: Order;
}

type OralHost = RoundHost<OralMessage>;

export class OralGeneral implements Node<OralMessage, "round">, General<OralMessage> {
  readonly options: GeneralOptions;
  /** Of all, in the order of names. */
  readonly generals: readonly NodeId[];
  /** By way, the names with a space between. */
  readonly heard = new Map<string, Order>();
  round = 0;
  decision: Order | null = null;

  constructor(
    readonly id: NodeId,
    peers: readonly NodeId[],
    options: Partial<GeneralOptions> = {},
  ) {
    this.options = generalOptions(options);
    this.generals = [id, ...peers].sort();
  }

  handle(event: Event<OralMessage, "round">, host: OralHost): void {
    stepInRounds(this, event, host);
  }

  command(host: OralHost): void {
    const { commander, order } = this.options;
    this.tell([commander], order, host);
  }

  /** What comes late, or by an impossible way, is not heard; nor is a second word of one way. */
  hear(from: NodeId, { way, order }: OralMessage): void {
    const { commander } = this.options;
    if (!isOrder(order) || !isWay(way, { commander, from, to: this.id })) return;
    if (way.length <= this.round || this.heard.has(way.join(" "))) return;
    this.heard.set(way.join(" "), order);
  }

  passOn(host: OralHost): void {
    const { commander } = this.options;
    if (this.id === commander) return;
    for (const way of waysOf(this.generals, commander, this.round)) {
      if (!way.includes(this.id)) this.tell([...way, this.id], this.wordOf(way), host);
    }
  }

  /** To all that the order has not yet passed. */
  protected tell(way: readonly NodeId[], order: Order, host: OralHost): void {
    for (const to of this.generals) {
      if (!way.includes(to)) host.send(to, { type: "order", way, order });
    }
  }

  private wordOf(way: readonly NodeId[]): Order {
    return this.heard.get(way.join(" ")) ?? defaultOrder;
  }

  choice(): Order {
    return this.resultOf([this.options.commander]);
  }

  /** Step (3): the majority of what was heard oneself and what each other says of it. */
  private resultOf(way: readonly NodeId[]): Order {
    const word = this.wordOf(way);
    if (way.length > this.options.traitors) return word;
    const others = this.generals.filter((other) => other !== this.id && !way.includes(other));
    return majority([word, ...others.map((other) => this.resultOf([...way, other]))]);
  }
}
