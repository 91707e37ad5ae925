/**
 * Who is on the ring, as every node has it: a state that nodes merge whenever they meet. Which
 * change comes next is agreed in `ring-agreement.ts`.
 *
 * Source: DeCandia et al. 2007, section 4.8.1 (explicit changes, spread by gossip). A change has
 * two steps here, as in Cassandra: "joining" and "leaving", while what moves is copied and reads
 * and writes go to the old owners and the new ones, and then "up" and "gone".
 * Assumes: one change begins of each settled ring, so that an epoch names one ring.
 */
import type { NodeId } from "../../protocol";

export type MemberStatus = "joining" | "up" | "leaving" | "gone";

export interface Member {
  /** Grows with each change of it. */
  readonly version: number;
  readonly status: MemberStatus;
  /** Under which name its places on the ring are drawn: a replacement takes those of another. */
  readonly tokens: string;
}

export interface Ring {
  readonly members: Readonly<Record<NodeId, Member>>;
  /** The epoch of which a node has everything that it owns. */
  readonly synced: Readonly<Record<NodeId, number>>;
}

export type RingChange =
  | { readonly kind: "join"; readonly node: NodeId }
  | { readonly kind: "leave"; readonly node: NodeId }
  /** A new node takes the place of another one, which may be dead. */
  | { readonly kind: "replace"; readonly node: NodeId; readonly by: NodeId };

export function firstRing(ids: readonly NodeId[]): Ring {
  const members = ids.map((id) => [id, { version: 1, status: "up", tokens: id }] as const);
  return { members: Object.fromEntries(members), synced: {} };
}

/** Grows with every change: of two rings the one of the larger epoch is later. */
export function epochOf({ members }: Ring): number {
  return Object.values(members).reduce((sum, { version }) => sum + version, 0);
}

export function isSettled({ members }: Ring): boolean {
  return Object.values(members).every(({ status }) => status === "up" || status === "gone");
}

/** What either knows. */
export function mergeRings(left: Ring, right: Ring): Ring {
  const members = { ...left.members };
  for (const [id, member] of Object.entries(right.members)) {
    if (member.version > (members[id]?.version ?? 0)) members[id] = member;
  }
  const synced = { ...left.synced };
  for (const [id, epoch] of Object.entries(right.synced)) {
    synced[id] = Math.max(synced[id] ?? 0, epoch);
  }
  return { members, synced };
}

/** The ring with the change begun, or why it cannot be. */
export function beginChange(ring: Ring, change: RingChange): Ring | string {
  if (!isSettled(ring)) return "another change of the ring is under way";
  const isUp = (id: NodeId): boolean => ring.members[id]?.status === "up";
  const comer = change.kind === "join" ? change.node : change.kind === "replace" ? change.by : "";
  const goer = change.kind === "join" ? "" : change.node;
  if (comer !== "" && isUp(comer)) return `${comer} is on the ring`;
  if (goer !== "" && !isUp(goer)) return `${goer} is not on the ring`;
  const ups = Object.values(ring.members).filter(({ status }) => status === "up");
  if (change.kind === "leave" && ups.length === 1) return "the last node cannot leave";
  let members = ring.members;
  if (goer !== "") members = withStatus(members, goer, "leaving");
  if (comer === "") return { ...ring, members };
  // Places of its own: those that it had when it was here before may be another one's by now.
  const version = (members[comer]?.version ?? 0) + 1;
  const own = version === 1 ? comer : `${comer}/${version}`;
  const tokens = change.kind === "replace" ? ring.members[goer].tokens : own;
  return { ...ring, members: { ...members, [comer]: { version, status: "joining", tokens } } };
}

/** Who was joining is up, and who was leaving is gone. */
export function settleChange(ring: Ring): Ring {
  let { members } = ring;
  for (const [id, { status }] of Object.entries(ring.members)) {
    if (status === "joining") members = withStatus(members, id, "up");
    if (status === "leaving") members = withStatus(members, id, "gone");
  }
  return { ...ring, members };
}

function withStatus(
  members: Ring["members"],
  id: NodeId,
  status: MemberStatus,
): Readonly<Record<NodeId, Member>> {
  const { version, tokens } = members[id];
  return { ...members, [id]: { version: version + 1, status, tokens } };
}
