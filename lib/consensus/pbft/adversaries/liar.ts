/** What an adversary's deeds work with: the state of a replica, and what it keeps for its lies. */
import type { NodeId } from "../../../protocol";
import { textDigest } from "../../signatures";
import type { Digest, PbftMessage, PrePrepare, PreparedProof, ProvenMessage } from "../messages";
import type { PreparedClaim } from "../messages";
import { primaryOf, prove } from "../state";
import type { PbftHost, PbftState } from "../state";

export interface Outgoing {
  readonly to: NodeId;
  readonly message: PbftMessage;
}

export interface LiarOptions {
  /** Other adversaries: it votes for what they propose. Default none. */
  readonly accomplices: readonly NodeId[];
  /** Of the slow and the dawdling; default 150. */
  readonly delayMs: number;
  /** Until then it is a correct replica; default 0. */
  readonly liesFromMs: number;
}

export interface Liar extends PbftState {
  readonly lies: LiarOptions;
  /** The last messages, to be said again. */
  heard: PbftMessage[];
  /** Batches that were proposed under one number, by "view/sequence". */
  twins: Map<string, readonly PrePrepare[]>;
  /** Numbers, as in `twins`, that were proposed before it began to lie. */
  honest: Set<string>;
  /** The first certificate of each sequence number. */
  first: Map<number, PreparedProof | PreparedClaim>;
  /** The last states, the oldest first, and after which number the newest was. */
  states: readonly unknown[];
  stateOf: number;
  /** What each client asked last without an order. */
  queries: Map<NodeId, unknown>;
  /** What is said later. */
  late: readonly (Outgoing & { readonly atMs: number })[];
}

/** One kind of lie. */
export interface Deed {
  /** What is said in place of this, in this order; default: it is said as it is. */
  readonly instead?: (liar: Liar, said: Outgoing, host: PbftHost) => readonly Outgoing[];
  /** Before it does with a message what a correct replica does. */
  readonly beforehand?: (liar: Liar, heard: PbftMessage) => void;
  /** What it does besides, after it has heard a message or a timer rang. */
  readonly besides?: (liar: Liar, heard: PbftMessage | undefined, host: PbftHost) => void;
}

/** How `twins` names a sequence number. */
export function keyOf(place: { readonly view: number; readonly sequence: number }): string {
  return `${place.view}/${place.sequence}`;
}

/** The message with other content, proven with the own key: no adversary has another. */
export function proven<M extends ProvenMessage>(
  liar: Liar,
  message: M,
  changes: Partial<M>,
  audience?: readonly NodeId[],
): M {
  return prove<M>(liar, { ...message, ...changes }, audience);
}

export function otherDigest(digest: Digest): Digest {
  return textDigest(`not ${digest}`);
}

function victimsOf({ replicas, id, lies }: Liar): NodeId[] {
  return replicas.filter((replica) => replica !== id && !lies.accomplices.includes(replica));
}

/** The replicas outside the plot, every second one on the other side: both sides have some. */
export function sidesOf(liar: Liar): readonly [NodeId[], NodeId[]] {
  const victims = victimsOf(liar);
  return [victims.filter((_, i) => i % 2 === 0), victims.filter((_, i) => i % 2 === 1)];
}

/** True for the adversary itself, and for those it plots with. */
export function isInPlot({ id, lies }: Liar, replica: NodeId): boolean {
  return replica === id || lies.accomplices.includes(replica);
}

export function isPlotPrimary(liar: Liar, view: number): boolean {
  return isInPlot(liar, primaryOf(liar, view));
}
