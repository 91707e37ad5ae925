/** The elections that a zone may be led by, behind one face. */
import { oneOf } from "../../basics";
import { Bully, Invitation, noEpoch } from "../../consensus/election";
import type { Epoch } from "../../consensus/election";
import { Raft } from "../../consensus/raft";
import type { Node, NodeId } from "../../protocol";

export type ElectedBy = "bully" | "invitation" | "raft";
export type ZoneElector = Node<never, never> & (Bully | Invitation | Raft);

const electors = { bully: Bully, invitation: Invitation, raft: Raft };

/** Throws a RangeError for an option that is wrong. */
export function zoneElector(
  electedBy: ElectedBy,
  { id, servers, options }: { id: NodeId; servers: readonly NodeId[]; options: object },
): ZoneElector {
  oneOf("electedBy", electedBy, Object.keys(electors));
  return new electors[electedBy](id, servers, options) as unknown as ZoneElector;
}

/**
 * The epoch in which a server leads, in its own opinion; `noEpoch`: it does not. Raft's is its
 * term, which a majority has voted for once.
 */
export function epochLed(elector: ZoneElector): Epoch {
  if (elector.role !== "leader") return noEpoch;
  if (elector instanceof Raft) return { count: elector.currentTerm, leader: elector.id };
  return elector.epoch.count === 0 ? noEpoch : elector.epoch;
}
