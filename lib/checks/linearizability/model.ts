/**
 * A sequential specification: what one client alone would see. Checks ask whether the operations of
 * many clients at once can be explained by it.
 */

import type { Operation } from "../../protocol";

/** What `step` returns for an answer that the specification does not allow. */
export const illegal: unique symbol = Symbol("illegal");

/** What a model sees of an operation. */
export interface ModelCall {
  readonly f: string;
  readonly key?: string | number;
  readonly input: unknown;
  /** The answer; undefined when `isKnown` is false. */
  readonly output: unknown;
  /** False: no answer came, so any answer is allowed. */
  readonly isKnown: boolean;
  /** Who called; given only to models that say `isByProcess`. */
  readonly process?: number | string;
}

export type Deduction =
  /** A legal order: nothing is left to search. */
  | { readonly kind: "order"; readonly order: readonly Operation[] }
  /**
   * No order: these contradict each other, whatever the others are, or, with `isWithin`, in view of
   * the others.
   */
  | {
      readonly kind: "contradiction";
      readonly operations: readonly Operation[];
      readonly isWithin?: boolean;
    }
  | {
      readonly kind: "guide";
      /** In every legal order the first of each pair, if it is there, comes before the second. */
      readonly pairs: readonly (readonly [Operation, Operation])[];
      /**
       * Groups that cannot mix: once one has begun, no operation of another comes before all its
       * members have come. The first group is the one at the beginning, and may be empty.
       */
      readonly phases?: readonly (readonly Operation[])[];
      /** In which states an operation may come at all, beyond what the model says; by id. */
      readonly guards?: ReadonlyMap<number, (state: unknown) => boolean>;
    };

/**
 * A user's own model needs the name, `initial` and `step`; see `register` for the smallest one.
 * `State` is never changed in place: `step` returns the next one. A call has one next state, known
 * answer or not (deterministic specifications).
 */
export interface Model<State = unknown> {
  readonly name: string;
  /** The operations it knows; others are refused. Default: any. */
  readonly operations?: readonly string[];
  /** Whether the caller matters. Default false: equal calls of different processes are one. */
  readonly isByProcess?: boolean;
  initial(): State;
  /** The next state, or `illegal` when the call cannot have had this answer in this state. */
  step(state: State, call: ModelCall): State | typeof illegal;
  /** Equal for equal states. Default: the state's JSON, with Map and Set told by their entries. */
  identity?(state: State): string | number;
  /**
   * The independent object that a call is of, so that each is judged alone (linearizability is
   * local: Herlihy and Wing, section 3.3). Default: all calls are of one object.
   */
  partition?(call: ModelCall): string;
  /**
   * Equal for calls that the model cannot tell apart, of which the search tries only one. Default:
   * by name, key, argument and answer.
   */
  callIdentity?(call: ModelCall): string;
  /**
   * Whether a call leaves every state as it is. Such calls are placed as soon as they fit, which
   * saves most of the search. Default: none is known to.
   */
  isReadOnly?(call: ModelCall): boolean;
  /**
   * What the answers of one object's operations tell before any search; undefined for nothing. For
   * data types whose answers give much away, such as a queue of items that are all different.
   */
  deduce?(operations: readonly Operation[]): Deduction | undefined;
  /**
   * The same object beginning in another state, so that what `deduce` tells holds there as well.
   * Default: such an object is judged by search alone.
   */
  startingIn?(state: State): Model<State>;
  /** A call with its answer for people, as "read -> 3". Default: f, input and output. */
  describe?(call: ModelCall): string;
  /** Default: the state's JSON. */
  describeState?(state: State): string;
}
