/**
 * Who takes part: voters, learners (who receive the log and have no vote), and the old half of a
 * joint configuration. Pure values; `membership-change.ts` moves from one to the next.
 *
 * Source: Ongaro 2014, sections 4.2.1 (learners are its "non-voting members") and 4.3.
 */
import type { NodeId } from "../../protocol";
import type { Voters } from "./quorum";

export interface Membership extends Voters {
  readonly learners: readonly NodeId[];
}

/** A membership and the log entry that holds it; 0 is the one the cluster began with. */
export interface MembershipEntry {
  readonly index: number;
  readonly membership: Membership;
}

export function simpleMembership(
  voters: readonly NodeId[],
  learners: readonly NodeId[] = [],
): Membership {
  return { voters: distinct(voters), outgoing: [], learners: distinct(learners) };
}

/** The joint configuration on the way from `from` to `target`: both majorities decide. */
export function jointMembership(from: Membership, target: Membership): Membership {
  return { ...target, outgoing: from.voters };
}

/** The end of a joint configuration: only the new half decides. */
export function leaveJoint(joint: Membership): Membership {
  return { ...joint, outgoing: [] };
}

export function isJoint(membership: Membership): boolean {
  return membership.outgoing.length > 0;
}

export function isVoter({ voters, outgoing }: Voters, id: NodeId): boolean {
  return voters.includes(id) || outgoing.includes(id);
}

/** Everybody who is sent the log. */
export function membersOf({ voters, outgoing, learners }: Membership): NodeId[] {
  return distinct([...voters, ...outgoing, ...learners]);
}

export function isSameMembership(left: Membership, right: Membership): boolean {
  const halves = ["voters", "outgoing", "learners"] as const;
  return halves.every((half) => distinct(left[half]).join() === distinct(right[half]).join());
}

function distinct(ids: readonly NodeId[]): NodeId[] {
  return [...new Set(ids)].sort();
}
