/**
 * A member's table of the others, for groups of thousands in one process: everybody starts alive in
 * incarnation 0, and only who differs has an entry. The list of those known from the start is
 * one object for all members that were given the same list.
 *
 * Cost: O(1) a look-up; memory in members that have changed or joined, not in all.
 */
import type { NodeId } from "../../protocol";
import { isGone } from "./updates";
import type { Standing } from "./updates";

/** Plain data. */
export interface MemberTable {
  /** Known from the start; may hold the owner of the table. */
  readonly initial: readonly NodeId[];
  /** Heard of later, in that order. */
  readonly joined: NodeId[];
  /** Of all that are not alive in incarnation 0, and of all that joined. */
  readonly standings: Map<NodeId, Standing>;
  /** Alive or suspect, the owner of the table too. */
  living: number;
  /** Dead, and not left: somebody may try to reach them. */
  dead: number;
}

const fresh: Standing = Object.freeze({ status: "alive", incarnation: 0 });

/** The sorted list of a group and where each is: a memory of a pure function, by its argument. */
const listOf = new WeakMap<readonly NodeId[], readonly NodeId[]>();
const membersOf = new WeakMap<readonly NodeId[], ReadonlySet<NodeId>>();

export function tableOf(owner: NodeId, peers: readonly NodeId[]): MemberTable {
  let initial = listOf.get(peers);
  if (initial === undefined) {
    initial = Object.freeze([...new Set(peers)]);
    listOf.set(peers, initial);
  }
  const living = initial.length + (isInitial(initial, owner) ? 0 : 1);
  return { initial, joined: [], standings: new Map(), living, dead: 0 };
}

function isInitial(initial: readonly NodeId[], member: NodeId): boolean {
  let members = membersOf.get(initial);
  if (members === undefined) membersOf.set(initial, (members = new Set(initial)));
  return members.has(member);
}

/** Undefined for one that has never been heard of. */
export function standingOf(table: MemberTable, member: NodeId): Standing | undefined {
  return table.standings.get(member) ?? (isInitial(table.initial, member) ? fresh : undefined);
}

export function setStanding(table: MemberTable, member: NodeId, standing: Standing): void {
  const before = standingOf(table, member);
  if (before === undefined) table.joined.push(member);
  const wasLiving = before !== undefined && !isGone(before);
  table.living += Number(!isGone(standing)) - Number(wasLiving);
  table.dead += Number(standing.status === "dead") - Number(before?.status === "dead");
  table.standings.set(member, { status: standing.status, incarnation: standing.incarnation });
}

/** How many places there are to draw from; some may be gone. */
export function placesIn({ initial, joined }: MemberTable): number {
  return initial.length + joined.length;
}

export function memberAt({ initial, joined }: MemberTable, place: number): NodeId {
  const known = place < initial.length ? initial[place] : joined[place - initial.length];
  return known as NodeId;
}

/** Everybody that is alive or suspect, the owner apart. Cost: O(n). */
export function livingOthers(table: MemberTable, owner: NodeId): NodeId[] {
  return [...table.initial, ...table.joined].filter(
    (member) => member !== owner && !isGone(standingOf(table, member) ?? fresh),
  );
}
