/**
 * Breadth first through a space, with the way back from every state that was found.
 *
 * Guarantees: states are found in the order of their depth, so the first way to one is a shortest.
 * Cost: memory for every state found; keys are exact, so that no two states are taken for one.
 */
import type { Message, Trace } from "../../protocol";
import { traceOf } from "./path";
import type { Space, State } from "./space";
import { keyFunction } from "./symmetry";

export interface Visitor {
  /** At every state that is found. "leave": it is not looked into; "stop": the search ends. */
  onFound(state: State, index: number): "stop" | "leave" | undefined;
  /** At every state after which nothing can happen, whatever the bounds. */
  onEnd?(state: State, index: number): "stop" | undefined;
}

export class Search<M extends Message, T> {
  readonly states: State[] = [];
  readonly cut = { depth: 0, outside: 0, timerFirings: 0, hasMetMaxStates: false };
  steps = 0;
  isStopped = false;
  private readonly parents: number[] = [];
  /** Which of its parent's actions leads to a state. */
  private readonly ordinals: number[] = [];
  private readonly left = new Set<number>();
  private readonly seen = new Set<string>();
  private readonly keyOf: (state: State) => string;

  constructor(
    private readonly space: Space<M, T>,
    private readonly visitor: Visitor,
  ) {
    this.keyOf = keyFunction(space);
  }

  run(): this {
    const { onProgress } = this.space.options;
    this.find(this.space.initial(), { parent: -1, ordinal: -1 });
    for (let index = 0; index < this.states.length && !this.isStopped; index++) {
      if (!this.left.has(index)) this.lookInto(index);
      if (index % 10_000 === 9_999) onProgress?.(index + 1, this.states.length);
    }
    return this;
  }

  /** A shortest way to a state. */
  traceTo(index: number): Trace<M, T> {
    const ordinals: number[] = [];
    for (let at = index; at > 0; at = this.parents[at]) ordinals.unshift(this.ordinals[at]);
    return traceOf(this.space, ordinals);
  }

  private lookInto(index: number): void {
    const { space, cut } = this;
    const state = this.states[index];
    const actions = space.actions(state);
    const silenced = space.silenced(state);
    cut.timerFirings += silenced;
    if (actions.length === 0 && silenced === 0) {
      this.isStopped ||= this.visitor.onEnd?.(state, index) === "stop";
    }
    if (state.depth >= (space.options.maxDepth ?? Infinity)) {
      cut.depth += actions.length > 0 ? 1 : 0;
      return;
    }
    for (const [ordinal, action] of actions.entries()) {
      if (this.isStopped) return;
      this.steps++;
      this.find(space.after(state, action), { parent: index, ordinal });
    }
  }

  private find(state: State, way: { parent: number; ordinal: number }): void {
    const { isWithin, maxStates = 1_000_000 } = this.space.options;
    const key = this.keyOf(state);
    if (this.seen.has(key)) return;
    if (isWithin?.(this.space.view(state)) === false) {
      this.cut.outside++;
      return;
    }
    if (this.states.length >= maxStates) {
      this.cut.hasMetMaxStates = true;
      this.isStopped = true;
      return;
    }
    this.seen.add(key);
    const index = this.states.push(state) - 1;
    this.parents.push(way.parent);
    this.ordinals.push(way.ordinal);
    const decision = this.visitor.onFound(state, index);
    if (decision === "leave") this.left.add(index);
    this.isStopped ||= decision === "stop";
  }
}
