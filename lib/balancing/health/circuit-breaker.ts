/**
 * A circuit breaker for one server: when too many of its last calls have failed it is left alone
 * for a while, then a few probes find out whether it works again.
 *
 * Source: M. Nygard, "Release It!", 2nd edition, 2018, chapter 5; window, share and number of
 * probes as in Resilience4j's count-based CircuitBreaker. Ours gives a permit for each call: what a
 * call of an earlier state says counts for nothing, since it speaks of an earlier server.
 * Assumes: the caller ends every call that it got a permit for, a call without an answer as failed.
 * Guarantees: open: no call; half-open: at most `probes` calls. Closed again after so many good
 * probes, open again at the first bad one.
 * Cost: O(1) a call, `window` bits.
 */
import { inRange, wholeInRange, withDefaults } from "../../basics";

export interface CircuitBreakerOptions {
  /** The last calls that count; default 20. */
  readonly window: number;
  /** So many calls at least before it may open; at most the window; default 10. */
  readonly minimumCalls: number;
  /** The share of failures that opens it, over 0 to 1; default 0.5. */
  readonly failureShare: number;
  /** How long it stays open; default 5,000. */
  readonly openMs: number;
  /** Calls that are let through when half-open; default 3. */
  readonly probes: number;
}

export type CircuitState = "closed" | "open" | "half-open";

/** "cancelled": the call was given up, and says nothing of the server. */
export type CallOutcome = "ok" | "failed" | "cancelled";

const defaults: CircuitBreakerOptions = {
  window: 20,
  minimumCalls: 10,
  failureShare: 0.5,
  openMs: 5_000,
  probes: 3,
};

export class CircuitBreaker {
  readonly options: CircuitBreakerOptions;
  private state: CircuitState = "closed";
  /** Grows with every change of state: the permit of a call names its own. */
  private epoch = 0;
  private openUntilMs = 0;
  /** Closed: the last outcomes, true for a failure, and how many of them are. */
  private outcomes: boolean[] = [];
  private at = 0;
  private failures = 0;
  /** Half-open: probes that were let through, and those that were good. */
  private sent = 0;
  private good = 0;

  /** Throws a RangeError for options that are wrong. */
  constructor(options: Partial<CircuitBreakerOptions> = {}) {
    this.options = withDefaults("CircuitBreaker", defaults, options);
    const { window, minimumCalls, failureShare, openMs, probes } = this.options;
    wholeInRange("window", window, { min: 1, max: 10_000 });
    wholeInRange("minimumCalls", minimumCalls, { min: 1, max: window });
    inRange("failureShare", failureShare, { min: 1e-6, max: 1 });
    inRange("openMs", openMs, { min: 0, max: 1e9 });
    wholeInRange("probes", probes, { min: 1, max: 10_000 });
  }

  /** An open one becomes half-open when its time is over: whoever looks, sees it. */
  stateAt(nowMs: number): CircuitState {
    if (this.state === "open" && nowMs >= this.openUntilMs) this.become("half-open");
    return this.state;
  }

  /** Whether `permit` would give one now. */
  hasRoom(nowMs: number): boolean {
    const state = this.stateAt(nowMs);
    return state === "closed" || (state === "half-open" && this.sent < this.options.probes);
  }

  /** The permit for one call, to be given back with its outcome; undefined: it must not go. */
  permit(nowMs: number): number | undefined {
    if (!this.hasRoom(nowMs)) return undefined;
    if (this.state === "half-open") this.sent++;
    return this.epoch;
  }

  /** A call has ended. Returns the state that it leads to. */
  ended(permit: number, outcome: CallOutcome, nowMs: number): CircuitState {
    if (permit !== this.epoch) return this.stateAt(nowMs);
    if (this.state === "half-open") this.endProbe(outcome, nowMs);
    else if (this.state === "closed" && outcome !== "cancelled") this.count(outcome, nowMs);
    return this.state;
  }

  private endProbe(outcome: CallOutcome, nowMs: number): void {
    if (outcome === "failed") return this.open(nowMs);
    if (outcome === "cancelled") this.sent--;
    else if (++this.good === this.options.probes) this.become("closed");
  }

  private count(outcome: CallOutcome, nowMs: number): void {
    const { window, minimumCalls, failureShare } = this.options;
    if (this.outcomes[this.at] === true) this.failures--;
    const isFailure = outcome === "failed";
    this.outcomes[this.at] = isFailure;
    if (isFailure) this.failures++;
    this.at = (this.at + 1) % window;
    const calls = this.outcomes.length;
    if (isFailure && calls >= minimumCalls && this.failures >= failureShare * calls) {
      this.open(nowMs);
    }
  }

  private open(nowMs: number): void {
    this.become("open");
    this.openUntilMs = nowMs + this.options.openMs;
  }

  private become(state: CircuitState): void {
    this.state = state;
    this.epoch++;
    [this.outcomes, this.at, this.failures, this.sent, this.good] = [[], 0, 0, 0, 0];
  }
}
