/** How nodes come into the ring, and how they leave it. */
import type { NodeId } from "../../protocol";
import { askState, call } from "./calls";
import { blocksIn, ownArc } from "./copying";
import type { ChordHost, StateIs } from "./messages";
import { distance, placeOf } from "./places";
import { search } from "./searching";
import { adopt, setSuccessors, stabilize } from "./stabilizing";
import type { ChordState } from "./state";

/** The first ring is whole from the start: it has r + 1 members at least (Zave 2017, section V). */
export function found(state: ChordState, founders: readonly NodeId[], host: ChordHost): void {
  const { options, id } = state;
  const others = inOrder(state, founders).filter((other) => other !== id);
  state.predecessor = others[others.length - 1] ?? id;
  setSuccessors(state, others.length === 0 ? [id] : others.slice(0, options.successors), host);
  becomeMember(state, host);
}

/** From its own place on, round the circle. */
function inOrder({ options, place }: ChordState, ids: readonly NodeId[]): NodeId[] {
  const placed = ids.map((id) => ({ id, away: distance(options, place, placeOf(options, id)) }));
  return placed.sort((left, right) => left.away - right.away).map(({ id }) => id);
}

function becomeMember(state: ChordState, host: ChordHost): void {
  const { options } = state;
  state.part = "member";
  host.cancelTimer("join");
  host.note("joined");
  // At random moments, so that nodes are out of step.
  host.setTimer("stabilize", host.random() * options.stabilizeMs);
  if (options.fingerMs > 0) host.setTimer("fingers", host.random() * options.fingerMs);
  if (options.repairMs > 0) host.setTimer("repair", host.random() * options.repairMs);
}

export function addContact({ id, contacts }: ChordState, contact: NodeId): void {
  if (contact !== id && !contacts.includes(contact)) contacts.push(contact);
}

/** Tries one contact after the other until it is in. */
export function startJoining(state: ChordState, host: ChordHost): void {
  state.part = "joining";
  tryContact(state, host);
}

export function tryContact(state: ChordState, host: ChordHost): void {
  const { contacts, options } = state;
  if (state.part !== "joining") return;
  host.setTimer("join", 4 * options.timeoutMs + host.random() * options.stabilizeMs);
  const contact = contacts[Math.floor(host.random() * contacts.length)];
  if (contact === undefined) return;
  search(state, { place: state.place, goal: { kind: "join" }, candidates: [contact] }, host);
}

/** Section IV.E.1, join: found are those that come after its place. */
export function joinBefore(state: ChordState, owners: readonly NodeId[], host: ChordHost): void {
  // Others may still hold an earlier life of it to be a member.
  const [successor, ...others] = owners.filter((id) => id !== state.id);
  if (successor === undefined || state.part !== "joining") return;
  if (state.rules.joinsWithList) {
    return askState(state, successor, { kind: "joining", others }, host);
  }
  enter(state, successor, [], host);
}

export function onSuccessorFound(
  state: ChordState,
  from: NodeId,
  answer: StateIs,
  host: ChordHost,
): void {
  if (state.part === "joining") enter(state, from, answer.successors, host);
}

function enter(
  state: ChordState,
  successor: NodeId,
  list: readonly NodeId[],
  host: ChordHost,
): void {
  state.predecessor = null;
  adopt(state, successor, list, host);
  becomeMember(state, host);
  if (state.rules.joinsWithList) stabilize(state, host);
}

/** Its own blocks get a holder more before it goes: the next after those that have them. */
export function leave(state: ChordState, host: ChordHost): void {
  if (state.part === "outside" || state.part === "joining") return end(state, host);
  state.part = "leaving";
  handOver(state, host, state.options.successors - 1);
}

/** In a small ring all others have copies. */
export function handOver(state: ChordState, host: ChordHost, heir: number): void {
  const to = state.successors[heir];
  const arc = ownArc(state);
  const blocks = arc === undefined ? [] : blocksIn(state, arc);
  if (to === undefined || to === state.id || blocks.length === 0) return end(state, host);
  const purpose = { kind: "leaving", heir } as const;
  call(state, to, { message: { type: "copy", blocks }, purpose }, host);
}

export function end(state: ChordState, host: ChordHost): void {
  const neighbours = new Set([state.predecessor, ...state.successors.slice(0, 1)]);
  for (const id of neighbours) {
    if (id !== null && id !== state.id) host.send(id, { type: "left" });
  }
  state.part = "gone";
  for (const timer of ["stabilize", "fingers", "repair", "join"] as const) host.cancelTimer(timer);
  for (const requestId of state.calls.keys()) host.cancelTimer(`call/${requestId}`);
  state.calls.clear();
  host.note("gone");
}
