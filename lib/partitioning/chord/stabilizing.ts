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

/**
 * The first, or the next one when those before it have not answered. They are dropped when one
 * answers: when nobody does, more have failed than the list is made for, and it is kept, should
 * they come back.
 */
export function askSuccessor(state: ChordState, host: ChordHost, index = 0): void {
  const successor = state.successors[index];
  if (successor === undefined) return host.note("stranded");
  if (successor === state.id) return considerNearer(state, state.predecessor, host);
  askState(state, successor, { kind: "successor", index }, host);
}

export function onSuccessor(
  state: ChordState,
  from: NodeId,
  answer: StateIs,
  host: ChordHost,
): void {
  const { successors, rules } = state;
  const index = successors.indexOf(from);
  if (index < 0) return;
  drop(state, successors.slice(0, index), host);
  if (rules.copiesLists) adopt(state, from, answer.successors, host);
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
  setSuccessors(state, [nearer, ...state.successors.slice(1)], host);
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

function drop(state: ChordState, gone: readonly NodeId[], host: ChordHost): void {
  for (const node of gone) {
    host.note("dropped", { node });
    forgetFingers(state, node);
  }
  const left = state.successors.filter((id) => !gone.includes(id));
  if (left.length > 0) setSuccessors(state, left, host);
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
  if (!isBetween(placeOf(options, from), after, place)) return;
  state.predecessor = from;
  if (rules.repairsCopies) offerArc(state, from, { after, upTo: placeOf(options, from) }, host);
}

/** A neighbour says goodbye: one need not find out. */
export function onLeft(state: ChordState, from: NodeId, host: ChordHost): void {
  if (state.predecessor === from) state.predecessor = null;
  const index = state.successors.indexOf(from);
  if (index >= 0) drop(state, [from], host);
  if (index === 0) askSuccessor(state, host);
}
