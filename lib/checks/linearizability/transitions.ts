import { assert, InputError } from "../../basics";
import type { Operation } from "../../protocol";
import { identityOf } from "./identity";
import { illegal } from "./model";
import type { Model, ModelCall } from "./model";

/**
 * A model's states and calls as small numbers, and each step worked out once: equal states are one
 * number, equal calls one class, and a step is a look-up after its first time.
 */
export class Transitions<State = unknown> {
  private readonly states: State[] = [];
  private readonly stateIds = new Map<string | number, number>();
  private readonly classes: ModelCall[] = [];
  private readonly byOperation = new Map<number, number>();
  private readonly places: string[] = [];
  private readonly classIds = new Map<string | number, number>();
  private readonly readOnly: boolean[] = [];
  /** For each state, the next state by class; -1 for illegal, undefined for not yet known. */
  private readonly steps: Map<number, number>[] = [];
  readonly initial: number;

  /** `source` is named in errors. */
  constructor(
    readonly model: Model<State>,
    private readonly source = "history",
  ) {
    this.initial = this.stateId(model.initial());
  }

  /** The class of an operation; answered and not, it has two. Operations are told by their ids. */
  classOf(operation: Operation): number {
    const isKnown = operation.outcome === "ok";
    const code = 2 * operation.id + (isKnown ? 1 : 0);
    const seen = this.byOperation.get(code);
    if (seen !== undefined) return seen;
    const callClass = this.newClassOf(callOf(operation, this.model, isKnown), operation);
    this.byOperation.set(code, callClass);
    return callClass;
  }

  private newClassOf(call: ModelCall, operation: Operation): number {
    const identity = this.model.callIdentity?.(call) ?? identityOfCall(call);
    const known = this.classIds.get(identity);
    if (known !== undefined) return known;
    this.classIds.set(identity, this.classes.length);
    this.readOnly.push(this.model.isReadOnly?.(call) === true);
    this.places.push(placeOf(operation, this.source));
    return this.classes.push(call) - 1;
  }

  /** The state after a call of this class, or -1 when that is illegal. */
  next(state: number, callClass: number): number {
    return this.steps[state].get(callClass) ?? this.work(state, callClass);
  }

  numberOf(state: State): number {
    return this.stateId(state);
  }

  valueOf(state: number): State {
    return this.states[state];
  }

  isReadOnly(callClass: number): boolean {
    return this.readOnly[callClass];
  }

  describeState(state: number): string {
    const value = this.states[state];
    return this.model.describeState?.(value) ?? JSON.stringify(value) ?? "null";
  }

  private work(state: number, callClass: number): number {
    const next = at(this.places[callClass], () => {
      return this.model.step(this.states[state], this.classes[callClass]);
    });
    const id = next === illegal ? -1 : this.stateId(next as State);
    assert(
      id < 0 || id === state || !this.readOnly[callClass],
      "isReadOnly, but the state changed",
      {
        model: this.model.name,
        f: this.classes[callClass].f,
      },
    );
    this.steps[state].set(callClass, id);
    return id;
  }

  private stateId(state: State): number {
    const identity = this.model.identity?.(state) ?? identityOf(state);
    const known = this.stateIds.get(identity);
    if (known !== undefined) return known;
    assert(this.states.length < 2 ** 31, "more states than numbers for them");
    this.stateIds.set(identity, this.states.length);
    this.steps.push(new Map());
    return this.states.push(state) - 1;
  }
}

/** "history:17" by the line, or "history:operation 3" where there are no lines. */
export function placeOf({ line, id }: Operation, source: string): string {
  return `${source}:${line ?? `operation ${id + 1}`}`;
}

/** Puts the place before the message of an InputError that `act` throws. */
export function at<T>(place: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof InputError) throw new InputError(`${place}: ${error.message}`);
    throw error;
  }
}

/** What the model sees of an operation. */
export function callOf<State>(
  { f, key, input, output, process }: Operation,
  model: Model<State>,
  isKnown: boolean,
): ModelCall {
  const caller = model.isByProcess === true ? { process } : {};
  return { f, key, input, output: isKnown ? output : undefined, isKnown, ...caller };
}

function identityOfCall({ f, key, input, output, isKnown, process }: ModelCall): string | number {
  return identityOf([f, key, input, isKnown, output, process]);
}

/** An operation in the model's words. */
export function describeOperation<State>(operation: Operation, model: Model<State>): string {
  return describeWith(model, callOf(operation, model, operation.outcome === "ok"));
}

function describeWith<State>(model: Model<State>, call: ModelCall): string {
  if (model.describe !== undefined) return model.describe(call);
  const input = call.input === undefined ? "" : ` ${JSON.stringify(call.input)}`;
  const answer = call.isKnown ? `-> ${JSON.stringify(call.output) ?? "nothing"}` : "(unknown)";
  return `${call.f}${input} ${answer}`;
}
