/**
 * Signed messages, SM(m): loyal generals agree whatever m traitors do, and however many they are,
 * since nobody can change what a loyal general has signed.
 *
 * Source: L. Lamport, R. Shostak, M. Pease, "The Byzantine Generals Problem", ACM TOPLAS 4(3),
 * 1982, section 4. choice(V) is the order if V has just one, and else RETREAT.
 * Assumes: n >= m + 2; rounds: a message arrives within `roundMs`; nobody forges signatures (A4).
 * Guarantees: IC1, loyal lieutenants do the same; IC2, and what a loyal commander ordered.
 * Cost: m + 1 rounds; (n-1)^2 messages when all are loyal; a general signs at most two orders.
 */
import type { Event, Node, NodeId } from "../../protocol";
import { defaultOrder, generalOptions, isOrder, isWay } from "./generals";
import type { GeneralOptions, Order } from "./generals";
import { stepInRounds } from "./lock-step";
import type { General, RoundHost } from "./lock-step";
import { areSigned, signed } from "./signatures";

export interface SignedMessage {
  readonly type: "signedOrder";
  readonly order: Order;
  /** Who signed it: the commander first, the sender last. */
  readonly way: readonly NodeId[];
  /** One of each; each covers those before it. */
  readonly signatures: readonly string[];
}

type SignedHost = RoundHost<SignedMessage>;

export class SignedGeneral implements Node<SignedMessage, "round">, General<SignedMessage> {
  readonly options: GeneralOptions;
  /** Of all, in the order of names. */
  readonly generals: readonly NodeId[];
  /** V: by order, the message that brought it first. */
  readonly orders = new Map<Order, SignedMessage>();
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

  handle(event: Event<SignedMessage, "round">, host: SignedHost): void {
    stepInRounds(this, event, host);
  }

  command(host: SignedHost): void {
    const { order } = this.options;
    this.pass({ type: "signedOrder", order, way: [], signatures: [] }, host);
  }

  /** In round k only what has k signatures counts: later it could not reach the others in time. */
  hear(from: NodeId, message: SignedMessage): void {
    const { order, way, signatures } = message;
    const { commander } = this.options;
    if (!isOrder(order) || !isWay(way, { commander, from, to: this.id })) return;
    if (way.length !== this.round + 1 || this.orders.has(order)) return;
    if (!Array.isArray(signatures) || !areSigned(order, way, signatures)) return;
    this.orders.set(order, message);
  }

  passOn(host: SignedHost): void {
    for (const message of this.orders.values()) {
      if (message.way.length === this.round) this.pass(message, host);
    }
  }

  /** Signed too, to all who have not signed it. */
  private pass({ order, way: before, signatures }: SignedMessage, host: SignedHost): void {
    const way = [...before, this.id];
    const message = { type: "signedOrder", order, way, signatures: signed(order, way, signatures) };
    for (const to of this.generals) {
      if (!way.includes(to)) host.send(to, message as SignedMessage);
    }
  }

  choice(): Order {
    const [only, another] = [...this.orders.keys()];
    return another === undefined ? (only ?? defaultOrder) : defaultOrder;
  }
}
