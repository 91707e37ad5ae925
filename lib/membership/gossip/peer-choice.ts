/**
 * With whom to gossip, where some links are long: mostly near, sometimes far.
 *
 * Source: Demers et al. 1987, section 3 (spatial distributions): near contacts keep the traffic on
 * long links small, a few far ones keep the spread fast. Ours knows regions, not distances.
 */
import { inRange } from "../../basics";
import type { NodeId, Senses } from "../../protocol";

export interface TopologyOptions {
  /** The region of each node; one that is missing is a region of its own name. Default: none. */
  readonly regions: Readonly<Record<NodeId, string>>;
  /**
   * Share of contacts that leave the region, 0 to 1; null: every peer is as likely, wherever it is.
   * With r nodes in a region, 1 / r is about one far contact a cycle and region. Default null.
   */
  readonly remoteShare: number | null;
}

export const defaultTopology: TopologyOptions = { regions: {}, remoteShare: null };

/** Peers by region; plain data. */
export interface PeerChoice {
  readonly near: readonly NodeId[];
  readonly far: readonly NodeId[];
  readonly remoteShare: number;
}

/** Throws a RangeError for a share that is not one. */
export function peerChoice(
  self: NodeId,
  peers: readonly NodeId[],
  { regions, remoteShare }: TopologyOptions,
): PeerChoice {
  if (remoteShare !== null) inRange("remoteShare", remoteShare, { min: 0, max: 1 });
  const others = peers.filter((peer) => peer !== self);
  if (remoteShare === null) return { near: others, far: [], remoteShare: 0 };
  const regionOf = (node: NodeId): string => regions[node] ?? node;
  const isNear = (peer: NodeId): boolean => regionOf(peer) === regionOf(self);
  const far = others.filter((peer) => !isNear(peer));
  return { near: others.filter(isNear), far, remoteShare };
}

/** Up to `count` different peers, each drawn near or far. */
export function drawPeers(choice: PeerChoice, count: number, senses: Senses): NodeId[] {
  const { near, far, remoteShare } = choice;
  const wanted = Math.min(count, near.length + far.length);
  const drawn: NodeId[] = [];
  for (let tries = 0; tries < 8 * wanted && drawn.length < wanted; tries++) {
    const isFar = far.length > 0 && (near.length === 0 || senses.random() < remoteShare);
    const from = isFar ? far : near;
    const peer = from[Math.floor(senses.random() * from.length)] as NodeId;
    if (!drawn.includes(peer)) drawn.push(peer);
  }
  return drawn;
}
