import { assert } from "../../basics";
import type { Operation } from "../../protocol";
import type { SearchItem } from "./event-list";
import type { Deduction, Model } from "./model";
import { Search } from "./search";
import type { Guide } from "./guidance";
import type { SearchResult } from "./search";
import { describeOperation, Transitions } from "./transitions";
import type { OrderStep } from "./verdict";

export interface Judged {
  readonly kind: SearchResult;
  readonly order?: () => OrderStep[];
  /** With "none": the operations it was seen from, when it was seen without search. */
  readonly evidence?: readonly Operation[];
  /** Whether the evidence holds only in view of the other operations. */
  readonly isWithin?: boolean;
  /** With "none": an answer that is not later than the first that cannot be explained. */
  readonly furthest?: Operation;
}

/** Judges the operations of one object: without search where possible, and in slices otherwise. */
export class PartJudge<State = unknown> {
  private readonly deduction: Deduction | undefined;
  private readonly search: Search | undefined;
  private readonly transitions: Transitions<State>;

  /** `isOptional` marks operations that may be left out though they were answered. */
  constructor(
    private readonly operations: readonly Operation[],
    model: Model<State>,
    options: {
      readonly source?: string;
      readonly transitions?: Transitions<State>;
      readonly isOptional?: (operation: Operation) => boolean;
    } = {},
  ) {
    this.transitions = options.transitions ?? new Transitions(model, options.source);
    // Deductions take every answer for certain, so they say nothing where some may be left out.
    this.deduction = options.isOptional === undefined ? model.deduce?.(operations) : undefined;
    if (this.deduction?.kind === "order" || this.deduction?.kind === "contradiction") return;
    const items = operations.map((operation): SearchItem => {
      const isUnknown = operation.outcome === "unknown";
      return {
        callClass: this.transitions.classOf(operation),
        call: operation.call,
        return: operation.return,
        isRequired: !isUnknown && options.isOptional?.(operation) !== true,
      };
    });
    this.search = new Search(items, this.transitions as Transitions, { guide: this.guide() });
  }

  /** The deduction in item numbers. */
  private guide(): Guide | undefined {
    const { deduction, operations } = this;
    if (deduction?.kind !== "guide") return undefined;
    const places = new Map(operations.map(({ id }, place) => [id, place]));
    const placeOf = ({ id }: Operation): number => places.get(id) as number;
    return {
      pairs: deduction.pairs.map(([first, second]) => [placeOf(first), placeOf(second)]),
      phases: (deduction.phases ?? []).map((members) => members.map(placeOf)),
      guards: operations.map(({ id }) => deduction.guards?.get(id)),
    };
  }

  /** Work done so far, in choices and the operations looked at for them. */
  get work(): number {
    return this.search?.work ?? 0;
  }

  get configurations(): number {
    return this.search?.configurations ?? 0;
  }

  /** Operations placed so far. */
  get placed(): number {
    return this.search?.placed ?? this.operations.length;
  }

  /** Goes on for at most `steps` choices; "paused" when that is not enough. */
  run(steps: number): Judged {
    if (this.search === undefined) return this.deduced();
    const kind = this.search.run(steps);
    if (kind === "found") return { kind, order: () => this.searchOrder() };
    if (kind === "paused") return { kind };
    return { kind, furthest: this.operations[this.search.furthest] };
  }

  private deduced(): Judged {
    const { deduction } = this;
    if (deduction?.kind === "order") {
      return { kind: "found", order: () => this.replay(deduction.order) };
    }
    assert(deduction?.kind === "contradiction", "no search, but no deduction either");
    const { operations, isWithin } = deduction;
    return { kind: "none", evidence: operations, isWithin };
  }

  private searchOrder(): OrderStep[] {
    return (this.search?.order() ?? []).map(({ item, state }) => {
      return this.orderStep(this.operations[item], state);
    });
  }

  private replay(order: readonly Operation[]): OrderStep[] {
    let state = this.transitions.initial;
    return order.map((operation) => {
      state = this.transitions.next(state, this.transitions.classOf(operation));
      return this.orderStep(operation, state);
    });
  }

  private orderStep(operation: Operation, state: number): OrderStep {
    const description = describeOperation(operation, this.transitions.model);
    return { operation, description, state: this.transitions.describeState(state) };
  }
}
