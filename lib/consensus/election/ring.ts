/** Nodes in a ring: who is next, and what rings of elections have in common. */
import type { Message, NodeId } from "../../protocol";
import { compareNames } from "./epoch";

export interface RingOptions {
  /** All nodes in the order of the ring; null: in the order of their names. Default null. */
  readonly ring: readonly NodeId[] | null;
}

/** Announces the end of an election, once around. */
export interface Elected extends Message {
  readonly type: "elected";
  readonly leader: NodeId;
}

/** Throws a RangeError for a ring without the node itself, or with a name twice. */
export function ringOf(
  id: NodeId,
  peers: readonly NodeId[],
  ring: readonly NodeId[] | null = null,
): readonly NodeId[] {
  const all = ring ?? [...peers.filter((peer) => peer !== id), id].sort(compareNames);
  if (!all.includes(id)) throw new RangeError(`the ring must hold ${id} itself`);
  if (new Set(all).size < all.length) throw new RangeError("the ring names a node twice");
  return all;
}

/** The neighbour `steps` on, 1 or -1. */
export function neighbourOf(id: NodeId, ring: readonly NodeId[], steps: 1 | -1 = 1): NodeId {
  const place = ring.indexOf(id) + steps + ring.length;
  return ring[place % ring.length] as NodeId;
}
