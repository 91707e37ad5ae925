import type { Operation } from "../../protocol";

/** One operation of an order, and the state after it in the model's words. */
export interface OrderStep {
  readonly operation: Operation;
  readonly description: string;
  readonly state: string;
}

/**
 * The order found for one object. Operations of unknown outcome that it does not need are left out.
 */
export interface PartOrder {
  readonly key: string;
  readonly steps: readonly OrderStep[];
}

/** Why no order exists, for one object. */
export interface Violation {
  readonly key: string;
  /** All operations of the object. */
  readonly operations: readonly Operation[];
  /**
   * The first answer that no order explains: with it the history stops being linearizable. When
   * `isSmallest` is false, an earlier one may do so already.
   */
  readonly firstBad: Operation;
  /** An order of the longest linearizable prefix, which ends just before that answer. */
  readonly prefix: readonly OrderStep[];
  /**
   * The offending part: these operations contradict each other even if each of the others may be
   * left out. In order of their calls.
   */
  readonly offending: readonly Operation[];
  /** The model's words for operations. */
  readonly describe: (operation: Operation) => string;
  /** Whether none of `offending` can be spared; false when the work for the evidence ran out. */
  readonly isSmallest: boolean;
  /**
   * Of an incremental check that has forgotten what came before `operations`: the states in which
   * that can have left the object, of which none explains them.
   */
  readonly startStates?: readonly string[];
}

interface Common {
  readonly model: string;
  /** Operations and objects judged. */
  readonly operations: number;
  readonly parts: number;
  /** Configurations that searches met; 0 where all was judged without search. */
  readonly configurations: number;
}

/** The verdict of a prefix, whose order is not kept. */
export type IncrementalVerdict =
  | (Common & { readonly kind: "linearizable" })
  | Exclude<LinearizabilityVerdict, { readonly kind: "linearizable" }>;

export type LinearizabilityVerdict =
  | (Common & { readonly kind: "linearizable"; readonly orders: readonly PartOrder[] })
  | (Common & { readonly kind: "not linearizable"; readonly violation: Violation })
  | (Common & {
      /** Neither found nor excluded: not a pass. `keys`: the objects left undecided. */
      readonly kind: "unknown";
      readonly why: "time" | "configurations";
      readonly keys: readonly string[];
    });
