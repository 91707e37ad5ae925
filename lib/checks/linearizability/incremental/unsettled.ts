import type { Operation } from "../../../protocol";
import { violationOf } from "../evidence";
import { PartJudge } from "../judge";
import type { Judged } from "../judge";
import type { Model } from "../model";
import type { Violation } from "../verdict";
import { endsOf } from "./ends";
import type { Start } from "./ends";

export interface PartLimits {
  /** Most configurations for one verdict of this object. */
  readonly configurations: number;
  /** Named in errors. */
  readonly source: string;
}

interface Attempt<State> {
  readonly start: Start<State>;
  readonly model: Model<State>;
  readonly operations: readonly Operation[];
  readonly judge: PartJudge<State>;
  readonly judged: Judged;
}

/** Settling looks at so many operations at once, so that it costs little for each. */
const settledTogether = 32;
/** More ends would make what follows dearer than keeping the operations. */
const settlingLimits = { work: 20_000, ends: 32 };
const stepsASlice = 2_000;

/**
 * The operations of one object since its last settled point, and the states and unanswered calls
 * with which they may begin.
 */
export class UnsettledPart<State> {
  /** All operations that were called, but for those that failed. */
  operations = 0;
  configurations = 0;
  violation: Violation | undefined;
  private starts: readonly Start<State>[];
  private hasBegun = false;
  private readonly pending = new Map<number, Operation>();
  /** Answered, or never to be answered. */
  private ended: Operation[] = [];
  /** Settling is tried again when so many have ended. */
  private settleAt = settledTogether;
  /** The verdict when it is known: new calls do not change it, answers and failures may. */
  private known: "linearizable" | "unknown" | undefined = "linearizable";

  constructor(
    readonly key: string,
    private readonly model: Model<State>,
    private readonly limits: PartLimits,
  ) {
    this.starts = [{ state: model.initial(), open: [] }];
  }

  /** Operations held. */
  get held(): number {
    const open = this.starts.reduce((sum, start) => sum + start.open.length, 0);
    return this.pending.size + this.ended.length + open;
  }

  call(operation: Operation): void {
    this.operations++;
    if (this.violation === undefined) this.pending.set(operation.id, operation);
  }

  /** `operation`: call `id` with its answer, or with unknown outcome; undefined when it failed. */
  end(id: number, operation: Operation | undefined): void {
    if (operation === undefined) this.operations--;
    if (!this.pending.delete(id)) return;
    if (operation !== undefined) this.ended.push(operation);
    if (operation?.outcome !== "unknown") this.known = undefined;
    if (this.pending.size === 0 && this.ended.length >= this.settleAt) this.settle();
  }

  judge(): "linearizable" | "not linearizable" | "unknown" {
    if (this.violation !== undefined) return "not linearizable";
    this.known ??= this.search();
    return this.known ?? "not linearizable";
  }

  /** Forgets what has ended, if all its ends can be found: nothing is under way. */
  private settle(): void {
    const operations = inOrderOfCalls(this.ended);
    const { starts, model } = this;
    const ends = endsOf(operations, model, {
      starts,
      limits: settlingLimits,
      source: this.limits.source,
    });
    // Twice as many before the next attempt: all attempts cost no more than twice the last one.
    if (ends === undefined) this.settleAt = 2 * this.ended.length;
    else if (ends.length === 0) this.judge();
    else {
      this.starts = ends;
      this.hasBegun = true;
      this.ended = [];
      this.settleAt = settledTogether;
      this.known = "linearizable";
    }
  }

  /** Undefined for a violation, which is then noted. */
  private search(): "linearizable" | "unknown" | undefined {
    const failed: Attempt<State>[] = [];
    for (const start of this.starts) {
      const attempt = this.attempt(start);
      const { kind } = attempt.judged;
      if (kind === "found") return "linearizable";
      if (kind === "none") failed.push(attempt);
    }
    if (failed.length < this.starts.length) return "unknown";
    this.violation = this.explain(failed);
    this.pending.clear();
    this.ended = [];
    this.starts = [];
    return undefined;
  }

  private attempt(start: Start<State>): Attempt<State> {
    const operations = inOrderOfCalls([...start.open, ...this.ended, ...this.pending.values()]);
    const model = this.hasBegun ? startingIn(this.model, start.state) : this.model;
    const judge = new PartJudge(operations, model, { source: this.limits.source });
    let judged = judge.run(stepsASlice);
    while (judged.kind === "paused" && judge.configurations < this.limits.configurations) {
      judged = judge.run(stepsASlice);
    }
    this.configurations += judge.configurations;
    return { start, model, operations, judge, judged };
  }

  /** From every start there is a contradiction: the latest of them is the first bad answer. */
  private explain(failed: readonly Attempt<State>[]): Violation {
    const each = failed.map(({ operations, model, judge, judged }) =>
      violationOf({ key: this.key, operations }, model, { judged, work: judge.work }),
    );
    const last = each.reduce((a, b) => (b.firstBad.return > a.firstBad.return ? b : a));
    if (!this.hasBegun) return last;
    const offending = new Map(
      each.flatMap((violation) => violation.offending).map((o) => [o.id, o]),
    );
    const { describeState } = this.model;
    const words = ({ start }: Attempt<State>): string =>
      describeState?.call(this.model, start.state) ?? JSON.stringify(start.state);
    return {
      ...last,
      offending: inOrderOfCalls([...offending.values()]),
      isSmallest: each.length === 1 && last.isSmallest,
      startStates: [...new Set(failed.map(words))],
    };
  }
}

function inOrderOfCalls(operations: readonly Operation[]): Operation[] {
  return [...operations].sort((left, right) => left.call - right.call);
}

/** The model with another beginning; what it deduces would be of its own beginning. */
function startingIn<State>(model: Model<State>, state: State): Model<State> {
  if (model.startingIn !== undefined) return model.startingIn(state);
  const other = { initial: { value: () => state }, deduce: { value: undefined } };
  return Object.create(model, other) as Model<State>;
}
