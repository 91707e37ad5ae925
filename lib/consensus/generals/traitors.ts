/** Traitors, who send what a behaviour says: plain data, so that every behaviour can be tried. */
import type { Event, Host, Node, NodeId } from "../../protocol";
import type { GeneralOptions, Order } from "./generals";
import { OralGeneral } from "./oral";
import type { OralMessage } from "./oral";
import type { SignedMessage } from "./signed";

/** The traitor at the end of the way says this to `to`: "the order that came this way is...". */
export interface OralLie {
  readonly way: readonly NodeId[];
  readonly to: NodeId;
  readonly says: Order;
}

export interface OralTraitorOptions extends GeneralOptions {
  /** What is not in the list is done as a loyal general would. */
  readonly lies: readonly OralLie[];
}

/**
 * A general of OM(m) that lies. It need not forge names or ways, nor be silent: the receiver knows
 * who speaks, hears only possible ways, and takes silence for RETREAT.
 *
 * Source: Lamport, Shostak, Pease 1982, section 3, assumptions A1 to A3.
 * Assumes: as OralGeneral.
 * Guarantees: nothing.
 * Cost: as OralGeneral.
 */
export class OralTraitor extends OralGeneral implements Node<OralMessage, "round"> {
  private readonly lies: readonly OralLie[];

  constructor(id: NodeId, peers: readonly NodeId[], options: Partial<OralTraitorOptions> = {}) {
    super(id, peers, options);
    this.lies = options.lies ?? [];
  }

  protected override tell(
    way: readonly NodeId[],
    order: Order,
    host: Host<OralMessage, "round">,
  ): void {
    for (const to of this.generals) {
      if (way.includes(to)) continue;
      const lie = this.lies.find((each) => each.to === to && isSameWay(each.way, way));
      host.send(to, { type: "order", way, order: lie?.says ?? order });
    }
  }
}

function isSameWay(left: readonly NodeId[], right: readonly NodeId[]): boolean {
  return left.length === right.length && left.every((general, i) => general === right[i]);
}

export interface SignedTraitorOptions extends GeneralOptions {
  /** By round from 0, what it sends then, ready signed. */
  readonly sends: readonly (readonly { readonly to: NodeId; readonly message: SignedMessage }[])[];
}

/**
 * A general of SM(m) that sends what it was given for each round, and is otherwise silent.
 *
 * Source: Lamport, Shostak, Pease 1982, section 4, assumption A4: nobody forges a loyal signature.
 * Assumes: whoever made the messages used signatures that the traitors can have by then.
 * Guarantees: nothing.
 * Cost: what it is told to send.
 */
export class SignedTraitor implements Node<SignedMessage, "round"> {
  round = 0;

  constructor(
    readonly id: NodeId,
    readonly peers: readonly NodeId[],
    readonly options: Partial<SignedTraitorOptions> = {},
  ) {}

  handle(event: Event<SignedMessage, "round">, host: Host<SignedMessage, "round">): void {
    if (event.kind === "message") return;
    if (event.kind === "timer") this.round++;
    const { sends = [], roundMs = 100 } = this.options;
    for (const { to, message } of sends[this.round] ?? []) host.send(to, message);
    if (this.round < sends.length) host.setTimer("round", roundMs);
  }
}
