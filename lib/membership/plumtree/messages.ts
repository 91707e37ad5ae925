/** What nodes of a broadcast tree say to their neighbours. */
import type { Host, Message, NodeId } from "../../protocol";

/** The message itself, along the tree. `round`: hops from its source. */
export interface Gossip extends Message {
  readonly type: "gossip";
  readonly id: string;
  readonly content: unknown;
  readonly round: number;
}

/** "I have these": along all other links. */
export interface IHave extends Message {
  readonly type: "ihave";
  readonly announced: readonly { readonly id: string; readonly round: number }[];
}

/** "Be my parent, and send me this one"; without an id the link alone is wanted. */
export interface Graft extends Message {
  readonly type: "graft";
  readonly id: string | null;
  readonly round: number;
}

/** "I have had that already: do not send to me, only announce." */
export interface Prune extends Message {
  readonly type: "prune";
}

/** From a client: broadcast this. Answered by `told`. */
export interface Tell extends Message {
  readonly type: "tell";
  readonly rumour: { readonly id: string; readonly content: unknown };
}

export interface Told extends Message {
  readonly type: "told";
}

/** From the membership service: a neighbour has come or gone. */
export interface NeighbourChange extends Message {
  readonly type: "neighbourUp" | "neighbourDown";
  readonly neighbour: NodeId;
}

export type PlumtreeMessage = Gossip | IHave | Graft | Prune | Tell | Told | NeighbourChange;
export type PlumtreeTimer = "announce" | `missing/${string}`;
export type PlumtreeHost = Host<PlumtreeMessage, PlumtreeTimer>;
