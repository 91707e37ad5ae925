/**
 * What makes a ring right, seen from outside, with all members in view.
 *
 * Source: P. Zave, "How to Make Chord Correct", IEEE TSE 43(12), 2017, section III: each member has
 * a live successor, there is one ring, it is ordered, all members reach it, lists are ordered.
 */
import type { StormFailure } from "../../../hosts";
import type { NodeId } from "../../../protocol";
import type { Chord } from "../chord";
import { distance } from "../places";

export type Members = ReadonlyMap<NodeId, Chord>;

/** Nodes that take part, in the order of their places. */
export function membersOf(nodes: readonly (Chord | undefined)[]): Members {
  const there = nodes.flatMap((node) => {
    const isMember = node?.part === "member" || node?.part === "leaving";
    return node !== undefined && isMember ? [node] : [];
  });
  there.sort((left, right) => left.place - right.place);
  return new Map(there.map((node) => [node.id, node]));
}

/** The first rule of Zave's that does not hold; undefined: all do. */
export function ringFailure(members: Members): StormFailure | undefined {
  for (const node of members.values()) {
    const failure = listFailure(node, members);
    if (failure !== undefined) return failure;
  }
  return cycleFailure(members);
}

function listFailure(node: Chord, members: Members): StormFailure | undefined {
  const { id, successors, options, place } = node;
  if (successorOf(node, members) === undefined) {
    const detail = `${id} knows no living member, only ${successors.join(", ") || "nobody"}`;
    return { property: "liveSuccessor", detail };
  }
  const away = successors.map((other) => {
    const at = members.get(other)?.place;
    return at === undefined ? -1 : distance(options, place, at) || 2 ** options.bits;
  });
  const known = away.filter((gap) => gap >= 0);
  if (known.every((gap, i) => i === 0 || gap > known[i - 1])) return undefined;
  return { property: "orderedLists", detail: `${id} has ${successors.join(", ")}` };
}

/** The first of the list that lives. */
function successorOf(node: Chord, members: Members): NodeId | undefined {
  return node.successors.find((id) => members.has(id));
}

/** From any member, along living successors, one comes into one and the same ordered ring. */
function cycleFailure(members: Members): StormFailure | undefined {
  let ring: ReadonlySet<NodeId> | undefined;
  for (const start of members.keys()) {
    const seen = new Set<NodeId>();
    let at = start;
    while (!seen.has(at) && ring?.has(at) !== true) {
      seen.add(at);
      at = successorOf(members.get(at) as Chord, members) as NodeId;
    }
    if (ring?.has(at) === true) continue;
    const cycle = [...seen].slice([...seen].indexOf(at));
    if (ring !== undefined) {
      const detail = `${[...ring].join(", ")} and ${cycle.join(", ")} are two rings`;
      return { property: "oneRing", detail };
    }
    if (!isOrdered(cycle, members)) {
      return { property: "orderedRing", detail: `the ring goes ${cycle.join(", ")}` };
    }
    ring = new Set(cycle);
  }
  return undefined;
}

/** Once round the circle, and no more. */
function isOrdered(cycle: readonly NodeId[], members: Members): boolean {
  const nodes = cycle.map((id) => members.get(id) as Chord);
  const turns = nodes.filter((node, i) => {
    return node.place >= (nodes[(i + 1) % nodes.length] as Chord).place;
  });
  return turns.length <= 1;
}

/** The first pointer that is not as on the ideal ring of these members; undefined: none. */
export function pointerFailure(members: Members): StormFailure | undefined {
  const ring = [...members.values()];
  for (const [i, node] of ring.entries()) {
    const after = [...ring.slice(i + 1), ...ring.slice(0, i)].map(({ id }) => id);
    const successors = after.slice(0, node.options.successors);
    const predecessor = after[after.length - 1];
    if (String(node.successors) !== String(successors)) {
      const detail = `${node.id} has ${node.successors.join(", ")}, not ${successors.join(", ")}`;
      return { property: "rightSuccessors", detail };
    }
    if (node.predecessor === predecessor) continue;
    const detail = `${node.id} holds ${node.predecessor} to be before it, not ${predecessor}`;
    return { property: "rightPredecessor", detail };
  }
  return undefined;
}

/** The owner of a place and those after it, by looking at all members. */
export function ownersOf(place: number, members: Members): NodeId[] {
  const ring = [...members.values()];
  const at = ring.findIndex((node) => node.place >= place);
  const first = at < 0 ? 0 : at;
  return [...ring.slice(first), ...ring.slice(0, first)].map(({ id }) => id);
}
