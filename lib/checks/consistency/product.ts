import type { Operation } from "../../protocol";
import type { Model } from "../linearizability/model";
import { partsOf } from "../linearizability/parts";
import { Transitions } from "../linearizability/transitions";

/**
 * All objects of a history as one: its state is the list of the objects' states, numbered. Needed
 * where objects cannot be judged alone.
 */
export class Product<State = unknown> {
  private readonly transitions: Transitions<State>[] = [];
  private readonly part = new Map<number, number>();
  private readonly classes = new Map<number, number>();
  private readonly states: (readonly number[])[] = [];
  private readonly ids = new Map<string, number>();
  readonly initial: number;

  constructor(operations: readonly Operation[], model: Model<State>, source: string) {
    partsOf(operations, model, source).forEach(({ operations: members }, part) => {
      const transitions = new Transitions(model, source);
      this.transitions.push(transitions);
      for (const operation of members) {
        this.part.set(operation.id, part);
        this.classes.set(operation.id, transitions.classOf(operation));
      }
    });
    this.initial = this.idOf(this.transitions.map(({ initial }) => initial));
  }

  /** The state after the operation, or -1 when that is illegal. */
  next(state: number, { id }: Operation): number {
    const part = this.part.get(id) as number;
    const before = this.states[state];
    const after = this.transitions[part].next(before[part], this.classes.get(id) as number);
    if (after < 0 || after === before[part]) return after < 0 ? -1 : state;
    return this.idOf(before.map((own, i) => (i === part ? after : own)));
  }

  isReadOnly({ id }: Operation): boolean {
    const transitions = this.transitions[this.part.get(id) as number];
    return transitions.isReadOnly(this.classes.get(id) as number);
  }

  private idOf(state: readonly number[]): number {
    const text = state.join();
    const known = this.ids.get(text);
    if (known !== undefined) return known;
    this.ids.set(text, this.states.length);
    return this.states.push(state) - 1;
  }
}
