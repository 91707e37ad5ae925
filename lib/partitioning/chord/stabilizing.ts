/**
 * What keeps the ring a ring: each member asks its successor for its neighbours, adopts its list,
 * and tells the successor that it is there. As Zave has it: a dead successor is dropped and the
 * next is asked at once; a nearer one is asked before it is adopted, and comes with its list.
 */
import type { NodeId } from "../../protocol";
import { askState } from "./calls";
import { offerArc } from "./copying";
import type { ChordHost, StateIs } from "./messages";
import { isBetween, placeOf } from "./places";
import type { ChordState } from "./state";

export function stabilize(state: ChordState, host: ChordHost): void {
  const { predecessor, rules } = state;
  if (predecessor !== null && rules.checksPredecessor && predecessor !== state.id) {
    askState(state, predecessor, { kind: "predecessor" }, host);
  }
  askSuccessor(state, host);
}

export function askSuccessor(state: ChordState, host: ChordHost): void {
  const [successor] = state.successors;
  if (successor === undefined) return state.onStranded(host);
  if (successor === state.id) return considerNearer(state, state.predecessor, host);
  askState(state, successor, { kind: "successor" }, host);
}

export function onSuccessor(
  state: ChordState,
  from: NodeId,
  answer: StateIs,
  host: ChordHost,
): void {
  if (state.successors[0] !== from) return;
  if (state.rules.copiesLists) adopt(state, from, answer.successors, host);
  considerNearer(state, answer.predecessor, host);
}

/** The successor's predecessor may be a nearer successor. */
function considerNearer(state: ChordState, nearer: NodeId | null, host: ChordHost): void {
  const [successor] = state.successors;
  if (successor === undefined) return;
  if (nearer === null || !isNearer(state, nearer, successor)) return notify(state, host);
  if (state.rules.asksBeforeAdopting) {
    return askState(state, nearer, { kind: "candidate", successor }, host);
  }
  adopt(state, nearer, state.successors, host);
  notify(state, host);
}

function isNearer({ options, place }: ChordState, nearer: NodeId, successor: NodeId): boolean {
  return isBetween(placeOf(options, nearer), place, placeOf(options, successor));
}

export function onCandidate(
  state: ChordState,
  from: NodeId,
  answer: StateIs,
  host: ChordHost,
): void {
  const [successor] = state.successors;
  if (successor === undefined) return;
  if (isNearer(state, from, successor)) adopt(state, from, answer.successors, host);
  notify(state, host);
}

export function notify(state: ChordState, host: ChordHost): void {
  const [successor] = state.successors;
  if (successor !== undefined && successor !== state.id) host.send(successor, { type: "notify" });
}

/** It is the successor now, and all but the last of its list come after it. */
export function adopt(
  state: ChordState,
  successor: NodeId,
  list: readonly NodeId[],
  host: ChordHost,
): void {
  const all = [successor, ...list.filter((id) => id !== successor)];
  // In a small ring the list comes round to the node itself.
  const round = all.indexOf(state.id, 1);
  const kept = all.slice(0, round < 0 ? undefined : round).slice(0, state.options.successors);
  setSuccessors(state, kept, host);
}

export function setSuccessors(
  state: ChordState,
  successors: readonly NodeId[],
  host: ChordHost,
): void {
  if (String(successors) === String(state.successors)) return;
  state.successors = successors;
  // A new life has to join through somebody.
  host.save("contacts", successors);
}

/** A successor does not answer, or is no member. */
export function dropSuccessor(state: ChordState, failed: NodeId, host: ChordHost): void {
  const left = state.successors.filter((id) => id !== failed);
  if (left.length === state.successors.length) return;
  host.note("dropped", { node: failed });
  setSuccessors(state, left, host);
  forgetFingers(state, failed);
}

export function forgetFingers({ fingers }: ChordState, failed: NodeId): void {
  fingers.forEach((finger, i) => {
    if (finger === failed) fingers[i] = null;
  });
}

/** Section IV.E.1: who says that it comes before may know better, or worse, than this node. */
export function onNotify(state: ChordState, from: NodeId, host: ChordHost): void {
  const { predecessor: known, options, place, rules } = state;
  if (from === known || from === state.id) return;
  const after = known === null ? place : placeOf(options, known);
  if (rules.notifiesNearer && !isBetween(placeOf(options, from), after, place)) return;
  state.predecessor = from;
  if (rules.repairsCopies) offerArc(state, from, { after, upTo: placeOf(options, from) }, host);
}

/** A neighbour says goodbye: one need not find out. */
export function onLeft(state: ChordState, from: NodeId, host: ChordHost): void {
  if (state.predecessor === from) state.predecessor = null;
  const wasFirst = state.successors[0] === from;
  dropSuccessor(state, from, host);
  if (wasFirst) askSuccessor(state, host);
}
