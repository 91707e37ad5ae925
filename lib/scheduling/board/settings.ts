/** The knobs of the board: data, part of its state, the same on every replica. */
import { inRange, onlyKnown, wholeInRange, withDefaults } from "../../basics";
import type { BackoffOptions } from "../backoff";
import { backoffNames, checkBackoff } from "../backoff";

/** How often tasks may begin; it counts for those of its tenant and kind, where they are given. */
export interface RateLimit {
  readonly tenant?: string;
  readonly kind?: string;
  readonly perSecond: number;
  /** Default the greater of 1 and `perSecond`. */
  readonly burst?: number;
}

export interface BoardSettings {
  /** Tasks that wait; more are answered with "full". Default 100,000. */
  readonly maxWaiting: number;
  /** Tasks of `priority` and less urgent ones are refused above this share of it. None. */
  readonly shedding: readonly { readonly priority: number; readonly above: number }[];
  /**
   * Outcomes are kept so long and so many, the oldest leave first: as long a repeated submission
   * is known. Default one hour and 100,000.
   */
  readonly retentionMs: number;
  readonly maxEnded: number;
  /** Dead letters that are kept; the oldest leave first. Default 10,000. */
  readonly maxDead: number;
  /** A worker that is silent so long has lost its tasks. Default 10,000 ms: ten heartbeats. */
  readonly leaseMs: number;
  /** So long a wait is worth one level of priority; null: no ageing at all. Default 10,000 ms. */
  readonly ageingMs: number | null;
  /** What counts as the deadline of tasks that have none. Default 60,000 ms. */
  readonly patienceMs: number;
  readonly maxAttempts: number;
  readonly backoff: BackoffOptions;
  /** Shares are in proportion to weights. Default 1 each. */
  readonly weights: Readonly<Record<string, number>>;
  readonly limits: readonly RateLimit[];
  /** Decides the jitter of retries, so that replicas agree. Default 1. */
  readonly seed: number;
  /**
   * What the calendar showed at the board's time 0, in ms since 1970, for cron; default 0. The
   * board's time stands still while no server runs, and so does its calendar.
   */
  readonly epochMs: number;
}

export const defaultBoardSettings: BoardSettings = {
  maxWaiting: 100_000,
  shedding: [],
  retentionMs: 3_600_000,
  maxEnded: 100_000,
  maxDead: 10_000,
  leaseMs: 10_000,
  ageingMs: 10_000,
  patienceMs: 60_000,
  maxAttempts: 5,
  backoff: {},
  weights: {},
  limits: [],
  seed: 1,
  epochMs: 0,
};

const most = Number.MAX_SAFE_INTEGER;
const tenYearsMs = 315_576_000_000;

/** With the defaults; RangeError that names the setting that is wrong. */
export function boardSettings(given: Partial<BoardSettings> = {}): BoardSettings {
  const { ageingMs = defaultBoardSettings.ageingMs, ...others } = given;
  const settings = { ...withDefaults("a board", defaultBoardSettings, others), ageingMs };
  for (const name of ["maxWaiting", "maxEnded", "maxDead", "maxAttempts"] as const) {
    wholeInRange(name, settings[name], { min: 1, max: 10_000_000 });
  }
  for (const name of ["retentionMs", "leaseMs", "patienceMs"] as const) {
    inRange(name, settings[name], { min: 1, max: tenYearsMs });
  }
  if (ageingMs !== null) inRange("ageingMs", ageingMs, { min: 1, max: 1e12 });
  wholeInRange("seed", settings.seed, { min: 0, max: most });
  inRange("epochMs", settings.epochMs, { min: 0, max: most });
  onlyKnown("backoff", settings.backoff, backoffNames);
  checkBackoff(settings.backoff);
  for (const [name, weight] of Object.entries(settings.weights)) {
    inRange(`weights.${name}`, weight, { min: 1e-6, max: 1e6 });
  }
  for (const { perSecond, burst = 1 } of settings.limits) {
    inRange("limits.perSecond", perSecond, { min: 1e-9, max: most });
    inRange("limits.burst", burst, { min: 1, max: most });
  }
  for (const { priority, above } of settings.shedding) {
    wholeInRange("shedding.priority", priority, { min: 0, max: 9 });
    inRange("shedding.above", above, { min: 0, max: 1 });
  }
  return settings;
}
