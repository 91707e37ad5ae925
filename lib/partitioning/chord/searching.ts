/**
 * Lookups, step by step: the node that was asked asks others, each nearer to the place, until one
 * knows the owner. Who does not answer is passed over (section IV.E.4).
 */
import type { NodeId } from "../../protocol";
import { call } from "./calls";
import type { ChordHost, StepIs } from "./messages";
import { distance, isBetween, isIn, placeOf } from "./places";
import type { ChordState, Finding, Goal, Search } from "./state";

/** Names given for the next step, so that some may be dead. */
const alternatives = 3;

interface SearchFor {
  readonly place: number;
  readonly goal: Goal;
  /** Whom to ask first; default: the node's own knowledge. */
  readonly candidates?: readonly NodeId[];
}

export function search(state: ChordState, wanted: SearchFor, host: ChordHost): void {
  const { place, goal, candidates } = wanted;
  const number = ++state.requests;
  const fresh: Search = { place, goal, candidates: [...(candidates ?? [])], asked: [], hops: 0 };
  state.searches.set(number, fresh);
  if (candidates !== undefined) return askNext(state, number, host);
  const { predecessor } = state;
  if (predecessor !== null && isOwn(state, predecessor, place)) {
    const owners = [...new Set([state.id, ...state.successors])];
    return finish(state, number, { owners, before: predecessor, hops: 0 }, host);
  }
  const known = stepTo(state, place);
  if (known.owners.length > 0) {
    return finish(state, number, { owners: known.owners, before: state.id, hops: 1 }, host);
  }
  fresh.candidates.push(...known.closer);
  askNext(state, number, host);
}

function isOwn({ options, place: upTo }: ChordState, predecessor: NodeId, place: number): boolean {
  return isIn(place, { after: placeOf(options, predecessor), upTo });
}

/** Section IV.D, find_successor: is it the next node's, or who is nearer to it? */
export function stepTo(
  state: ChordState,
  place: number,
): { readonly owners: readonly NodeId[]; readonly closer: readonly NodeId[] } {
  const { options, successors } = state;
  const [successor] = successors;
  if (successor === undefined) return { owners: [], closer: [] };
  const next = { after: state.place, upTo: placeOf(options, successor) };
  if (isIn(place, next)) return { owners: successors, closer: [] };
  return { owners: [], closer: precedingNodes(state, place) };
}

/** Of fingers and successors, those before the place, the nearest to it first. */
function precedingNodes(state: ChordState, place: number): NodeId[] {
  const { options, fingers, successors } = state;
  const known = new Set<NodeId>(successors);
  for (const finger of fingers) if (finger !== null) known.add(finger);
  const before = [...known].flatMap((id) => {
    const at = placeOf(options, id);
    return isBetween(at, state.place, place) ? [{ id, away: distance(options, at, place) }] : [];
  });
  before.sort((left, right) => left.away - right.away);
  return before.slice(0, alternatives).map(({ id }) => id);
}

export function onStep(state: ChordState, number: number, answer: StepIs, host: ChordHost): void {
  const searched = state.searches.get(number);
  if (searched === undefined) return;
  searched.hops++;
  if (answer.owners.length > 0) {
    const before = searched.asked[searched.asked.length - 1] as NodeId;
    return finish(state, number, { owners: answer.owners, before, hops: searched.hops + 1 }, host);
  }
  searched.candidates.push(...answer.closer);
  askNext(state, number, host);
}

/** The nearest to the place of those that are known and have not been asked. */
export function askNext(state: ChordState, number: number, host: ChordHost): void {
  const searched = state.searches.get(number);
  if (searched === undefined) return;
  const { candidates, asked, place, goal } = searched;
  const away = (id: NodeId): number =>
    distance(state.options, placeOf(state.options, id), place) || 2 ** state.options.bits;
  const open = candidates.filter((id) => !asked.includes(id) && id !== state.id);
  const next = open.sort((left, right) => away(left) - away(right))[0];
  if (next === undefined || asked.length >= maxSteps(state)) {
    state.searches.delete(number);
    return state.onNotFound(goal, host);
  }
  asked.push(next);
  call(
    state,
    next,
    { message: { type: "step", place }, purpose: { kind: "step", search: number } },
    host,
  );
}

/** Twice what halving the distance takes, and every successor. */
function maxSteps({ options }: ChordState): number {
  return 2 * options.bits + options.successors;
}

function finish(state: ChordState, number: number, finding: Finding, host: ChordHost): void {
  const searched = state.searches.get(number) as Search;
  state.searches.delete(number);
  state.onFound(searched, finding, host);
}
