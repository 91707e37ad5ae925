/**
 * Cuts a failing storm down to few actions and a short time, for the person who has to understand
 * it.
 *
 * Source: A. Zeller, R. Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", IEEE TSE
 * 28(2), 2002, section 3: ddmin over the actions; ours asks for the same property to be broken.
 * Assumes: a storm is deterministic.
 * Guarantees: the result breaks the same property; without any one of its actions it does not,
 * unless `maxRuns` came first.
 * Cost: for n actions of which k matter, about k log n runs, n^2 at worst.
 */
import { wholeInRange } from "../../basics";
import type { Storm, StormAction, StormFailure, StormVerdict } from "./definition";

export interface ShrinkOptions {
  /** Storms played at most; default 1,000. */
  readonly maxRuns?: number;
  /** Called after every run with the number of actions that are left. */
  readonly onRun?: (runs: number, actionsLeft: number) => void;
}

export interface ShrunkStorm<A extends StormAction = StormAction> {
  readonly failure: StormFailure;
  readonly actions: readonly A[];
  /** Actions end here: `run({ actions, untilMs })` fails again. */
  readonly untilMs: number;
  /** Virtual time of the failure. */
  readonly nowMs: number;
  /** How many actions there were at first. */
  readonly actionsBefore: number;
  readonly runs: number;
  /** "fewest": no action can be left out; "cut short": `maxRuns` came first. */
  readonly kind: "fewest" | "cut short";
}

/** Undefined for a storm that does not fail. */
export function shrinkStorm<A extends StormAction>(
  storm: Storm<A>,
  options: ShrinkOptions = {},
): ShrunkStorm<A> | undefined {
  const whole = storm.run();
  if (whole.failure === undefined) return undefined;
  return new Shrinker(storm, whole, options).shrink(whole.failure);
}

class Shrinker<A extends StormAction> {
  private runs = 1;
  private best: StormVerdict<A>;
  private actions: readonly A[];
  private untilMs: number;
  private readonly maxRuns: number;

  constructor(
    private readonly storm: Storm<A>,
    private readonly whole: StormVerdict<A>,
    private readonly options: ShrinkOptions,
  ) {
    this.maxRuns = wholeInRange("maxRuns", options.maxRuns ?? 1_000, { min: 1, max: 1e9 });
    this.best = whole;
    this.actions = whole.actions;
    this.untilMs = Math.ceil(whole.nowMs);
  }

  shrink(first: StormFailure): ShrunkStorm<A> {
    let before: number;
    do {
      before = this.actions.length;
      this.removeActions();
      this.shorten();
    } while (this.actions.length < before && this.runs < this.maxRuns);
    const { actions, untilMs, runs, best } = this;
    return {
      failure: best.failure ?? first,
      actions,
      untilMs,
      nowMs: best.nowMs,
      actionsBefore: this.whole.actions.length,
      runs,
      kind: runs < this.maxRuns ? "fewest" : "cut short",
    };
  }

  /** ddmin: leaves out ever smaller pieces, until no single action can go. */
  private removeActions(): void {
    let pieces = 1;
    while (this.actions.length > 0 && this.runs < this.maxRuns) {
      const size = Math.ceil(this.actions.length / pieces);
      if (this.removeOnePiece(size)) pieces = Math.max(1, pieces - 1);
      else if (size === 1) return;
      else pieces = Math.min(this.actions.length, pieces * 2);
    }
  }

  private removeOnePiece(size: number): boolean {
    for (let from = 0; from < this.actions.length; from += size) {
      const rest = [...this.actions.slice(0, from), ...this.actions.slice(from + size)];
      if (this.isKept(rest, this.untilMs)) return true;
    }
    return false;
  }

  /** The earliest end that still fails, by halving, to a millisecond. */
  private shorten(): void {
    let tooShort = -1;
    this.untilMs = Math.min(this.untilMs, Math.ceil(this.best.nowMs));
    while (this.untilMs - tooShort > 1 && this.runs < this.maxRuns) {
      const middle = Math.floor((tooShort + this.untilMs) / 2);
      const actions = this.actions.filter(({ atMs }) => atMs <= middle);
      if (!this.isKept(actions, middle)) tooShort = middle;
    }
  }

  /** Plays the smaller storm, and goes on with it when it breaks the same property. */
  private isKept(actions: readonly A[], untilMs: number): boolean {
    if (this.runs >= this.maxRuns) return false;
    const verdict = this.storm.run({ actions, untilMs });
    this.runs++;
    const isSame = verdict.failure?.property === this.whole.failure?.property;
    if (isSame) {
      this.best = verdict;
      this.actions = actions;
      this.untilMs = untilMs;
    }
    this.options.onRun?.(this.runs, this.actions.length);
    return isSame;
  }
}
