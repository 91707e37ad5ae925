/**
 * Whether a history is linearizable: whether every operation can be thought to take effect at one
 * instant between its call and its answer, in an order that a sequential specification allows.
 *
 * Source: M. Herlihy, J. Wing, "Linearizability: a correctness condition for concurrent objects",
 * TOPLAS 12(3), 1990; parts judged alone after A. Horn, D. Kroening, "Faster linearizability
 * checking via P-compositionality", FORTE 2015; the search is described in search.ts, registers of
 * unique values in zones.ts. Ours differs from Porcupine: small parts are judged before hard ones
 * are pursued, so that one hard key does not hide another's violation.
 * Guarantees: both definite verdicts are proven; a limit reached gives "unknown", never a pass.
 * Cost: see search.ts; each part apart.
 */
import type { History, Operation } from "../../protocol";
import { operationsOf } from "../../protocol";
import { wholeInRange } from "../../basics";
import { violationOf } from "./evidence";
import { PartJudge } from "./judge";
import type { Judged } from "./judge";
import type { Model } from "./model";
import { partsOf } from "./parts";
import type { Part } from "./parts";
import type { LinearizabilityVerdict, PartOrder } from "./verdict";

export interface LinearizabilityOptions {
  /** Longest time in ms; default 60,000. Running out gives the verdict "unknown". */
  readonly timeoutMs?: number;
  /** Most configurations that one object's search may hold; default 5 million (about 0.3 GB). */
  readonly configurations?: number;
  /** Named in errors; default "history". */
  readonly source?: string;
  /** Told now and then: operations whose objects are judged, or placed so far, and all. */
  readonly onProgress?: (done: number, total: number) => void;
}

export interface LinearizabilityAsyncOptions extends LinearizabilityOptions {
  /** Stops the check: the promise is rejected with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Choices between two looks at the clock, and before a part is put off as a hard one. */
const stepsASlice = 2_000;
const stepsOfFirstRound = 20_000;

/**
 * Judges a history by a model: `checkLinearizable(history, casRegister())`. Throws InputError when
 * the history is not well formed or has operations that the model does not know.
 */
export function checkLinearizable<State>(
  history: History,
  model: Model<State>,
  options: LinearizabilityOptions = {},
): LinearizabilityVerdict {
  const work = new Checking(history, model, options).work();
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

/** As `checkLinearizable`, but lets other work of the program go on, and can be stopped. */
export async function checkLinearizableAsync<State>(
  history: History,
  model: Model<State>,
  options: LinearizabilityAsyncOptions = {},
): Promise<LinearizabilityVerdict> {
  const work = new Checking(history, model, options).work();
  for (;;) {
    options.signal?.throwIfAborted();
    const { done, value } = work.next();
    if (done) return value;
    await new Promise((resume) => setImmediate(resume));
  }
}

interface Hard<State> {
  readonly part: Part;
  readonly judge: PartJudge<State>;
}

class Checking<State> {
  private readonly operations: readonly Operation[];
  private readonly parts: readonly Part[];
  private readonly orders = new Map<Part, PartOrder>();
  private readonly timeoutMs: number;
  private readonly limit: number;
  private configurations = 0;
  private done = 0;

  constructor(
    history: History,
    private readonly model: Model<State>,
    private readonly options: LinearizabilityOptions,
  ) {
    const whole = { min: 1, max: Number.MAX_SAFE_INTEGER };
    this.timeoutMs = wholeInRange("timeoutMs", options.timeoutMs ?? 60_000, whole);
    this.limit = wholeInRange("configurations", options.configurations ?? 5_000_000, whole);
    const source = options.source ?? "history";
    this.operations = operationsOf(history, source);
    this.parts = partsOf(this.operations, model, source);
  }

  /** Yields between slices of work. */
  *work(): Generator<undefined, LinearizabilityVerdict> {
    const endMs = Date.now() + this.timeoutMs;
    const hard: Hard<State>[] = [];
    for (const part of this.parts) {
      const judge = new PartJudge(part.operations, this.model, { source: this.options.source });
      const judged = judge.run(stepsOfFirstRound);
      if (judged.kind === "paused") hard.push({ part, judge });
      else if (this.settle(part, judge, judged)) return this.violated(part, judge, judged);
      yield this.report(0);
    }
    const undecided: string[] = [];
    for (const { part, judge } of hard) {
      let judged = judge.run(0);
      while (judged.kind === "paused" && Date.now() < endMs && judge.configurations < this.limit) {
        judged = judge.run(stepsASlice);
        yield this.report(judge.placed);
      }
      if (judged.kind === "paused") {
        undecided.push(part.key);
        this.configurations += judge.configurations;
      } else if (this.settle(part, judge, judged)) return this.violated(part, judge, judged);
    }
    if (undecided.length === 0) return this.linearizable();
    const why = Date.now() >= endMs ? "time" : "configurations";
    return { kind: "unknown", ...this.common(), why, keys: undecided };
  }

  /** Counts a judged part, and says whether it has no order. */
  private settle(part: Part, judge: PartJudge<State>, judged: Judged): boolean {
    this.done += part.operations.length;
    this.configurations += judge.configurations;
    if (judged.order) this.orders.set(part, { key: part.key, steps: judged.order() });
    return judged.kind === "none";
  }

  private report(placed: number): undefined {
    this.options.onProgress?.(this.done + placed, this.operations.length);
    return undefined;
  }

  private violated(part: Part, judge: PartJudge<State>, judged: Judged): LinearizabilityVerdict {
    const violation = violationOf(part, this.model, { judged, work: judge.work });
    return { kind: "not linearizable", ...this.common(), violation };
  }

  private linearizable(): LinearizabilityVerdict {
    const orders = this.parts.map((part) => this.orders.get(part) as PartOrder);
    return { kind: "linearizable", ...this.common(), orders };
  }

  private common(): { model: string; operations: number; parts: number; configurations: number } {
    const { model, operations, parts, configurations } = this;
    return {
      model: model.name,
      operations: operations.length,
      parts: parts.length,
      configurations,
    };
  }
}
