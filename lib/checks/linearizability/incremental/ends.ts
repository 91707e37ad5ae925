/**
 * All ends of an object's operations: the states in which some order of them leaves it, each with
 * the unanswered calls that may still take effect after it. What comes later depends on nothing
 * else, so that the operations themselves can be forgotten.
 */
import type { Operation } from "../../../protocol";
import { Search } from "../search";
import { Transitions } from "../transitions";
import type { Model } from "../model";

/** Where the operations that are still held may begin. */
export interface Start<State> {
  readonly state: State;
  /** Calls that were never answered and have not taken effect; in order. */
  readonly open: readonly Operation[];
}

interface EndsOptions<State> {
  readonly starts: readonly Start<State>[];
  readonly limits: EndsLimits;
  /** Named in errors. */
  readonly source: string;
}

interface EndsLimits {
  /** Most work for the search (see `Search.work`), from all starts together. */
  readonly work: number;
  readonly ends: number;
}

/** Undefined when there are more ends, or finding them is more work, than the limits say. */
export function endsOf<State>(
  operations: readonly Operation[],
  model: Model<State>,
  { starts, limits, source }: EndsOptions<State>,
): Start<State>[] | undefined {
  const transitions = new Transitions(model, source);
  const ends = new Ends(transitions);
  let workLeft = limits.work;
  for (const { state, open } of starts) {
    const members = [...open, ...operations];
    const search = searchFrom(transitions.numberOf(state), members, transitions);
    for (;;) {
      const kind = search.run(workLeft - search.work);
      if (kind === "paused" || ends.list.length > limits.ends) return undefined;
      if (kind === "none") break;
      const { state: last, has } = search.end;
      const left = members.filter(({ outcome }, i) => outcome === "unknown" && !has(i));
      ends.add({ state: last, open: left });
      search.leave();
    }
    workLeft -= search.work;
  }
  return ends.list.map(({ state, open }) => ({ state: transitions.valueOf(state), open }));
}

function searchFrom<State>(
  start: number,
  operations: readonly Operation[],
  transitions: Transitions<State>,
): Search {
  const items = operations.map((operation) => ({
    callClass: transitions.classOf(operation),
    call: operation.call,
    return: operation.return,
    isRequired: operation.outcome === "ok",
  }));
  return new Search(items, transitions as Transitions, { start });
}

interface End {
  readonly state: number;
  readonly open: readonly Operation[];
}

/** Ends of which none makes another one superfluous: same state, and the same calls and more. */
class Ends<State> {
  list: End[] = [];

  constructor(private readonly transitions: Transitions<State>) {}

  add(end: End): void {
    if (this.list.some((other) => this.covers(other, end))) return;
    this.list = this.list.filter((other) => !this.covers(end, other));
    this.list.push(end);
  }

  /** Equal calls stand in for each other: all of them were made before whatever comes. */
  private covers(one: End, other: End): boolean {
    if (one.state !== other.state || one.open.length < other.open.length) return false;
    const counts = new Map<number, number>();
    for (const operation of one.open) {
      const callClass = this.transitions.classOf(operation);
      counts.set(callClass, (counts.get(callClass) ?? 0) + 1);
    }
    return other.open.every((operation) => {
      const callClass = this.transitions.classOf(operation);
      const left = (counts.get(callClass) ?? 0) - 1;
      counts.set(callClass, left);
      return left >= 0;
    });
  }
}
