/**
 * How long to wait before a failed task is tried again: longer each time, and by chance, so that
 * those who failed together do not come back together.
 *
 * Source: M. Brooker, "Exponential backoff and jitter", AWS Architecture Blog, 2015; ours takes any
 * factor, not 2 alone, and forgets nothing but the wait before (`previousMs`).
 * Guarantees: never above `capMs`; below `baseMs` only with full and equal jitter.
 * Cost: constant; one draw, none without jitter.
 */
import { inRange, wholeInRange } from "../basics";

/**
 * `none`: base x factor^retries. `full`: anything from 0 to that. `equal`: half of that and as much
 * again by chance. `decorrelated`: anything from the base to three times the wait before.
 */
export type Jitter = "none" | "full" | "equal" | "decorrelated";

export interface BackoffOptions {
  /** The first wait before chance, ms; default 100. About the time that a usual fault lasts. */
  readonly baseMs?: number;
  /** The longest wait, ms, from `baseMs`; default 30,000. */
  readonly capMs?: number;
  /** Each wait is so many times the one before, from 1; default 2. Not for `decorrelated`. */
  readonly factor?: number;
  /** Default `full`: the least work for all together in Brooker's simulation. */
  readonly jitter?: Jitter;
}

export const backoffNames = ["baseMs", "capMs", "factor", "jitter"];

/** Where one task stands: plain data, to be kept with it. */
export interface RetryState {
  /** Retries that were made before this one, from 0. */
  readonly retries: number;
  /** What this function said last time, for `decorrelated`; undefined before the first retry. */
  readonly previousMs?: number;
}

/**
 * Milliseconds to wait before the next retry. `random`: draws from [0, 1). RangeError for an option
 * that cannot be.
 */
export function backoffMs(
  { retries, previousMs }: RetryState,
  random: () => number,
  options: BackoffOptions = {},
): number {
  const { baseMs, capMs, factor, jitter } = checkBackoff(options);
  wholeInRange("retries", retries, { min: 0, max: Number.MAX_SAFE_INTEGER });
  if (jitter === "decorrelated") {
    const upTo = 3 * Math.max(baseMs, previousMs ?? baseMs);
    return Math.min(capMs, baseMs + random() * (upTo - baseMs));
  }
  const highest = Math.min(capMs, baseMs * Math.min(factor ** retries, Number.MAX_VALUE));
  if (jitter === "none") return highest;
  const share = jitter === "full" ? 0 : 1 / 2;
  return highest * (share + (1 - share) * random());
}

/** The options with their defaults; RangeError for one that cannot be. */
export function checkBackoff(options: BackoffOptions): Required<BackoffOptions> {
  const { baseMs = 100, factor = 2, jitter = "full" } = options;
  const { capMs = Math.max(30_000, baseMs) } = options;
  inRange("baseMs", baseMs, { min: 0, max: Number.MAX_SAFE_INTEGER });
  inRange("capMs", capMs, { min: baseMs, max: Number.MAX_SAFE_INTEGER });
  inRange("factor", factor, { min: 1, max: Number.MAX_SAFE_INTEGER });
  const known: readonly Jitter[] = ["none", "full", "equal", "decorrelated"];
  if (known.includes(jitter)) return { baseMs, capMs, factor, jitter };
  throw new RangeError(`jitter must be one of ${known.join(", ")}, but was ${String(jitter)}`);
}
