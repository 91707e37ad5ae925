/**
 * The token bucket as a single number: the time at which the next task would come if all came as
 * late as they may. For a limiter a tenant, where millions of buckets are kept.
 *
 * Source: ITU-T Recommendation I.371 (2004), annex A, the generic cell rate algorithm, as virtual
 * scheduling; ours lets a task take several tokens.
 * Guarantees: says the same as a token bucket that was full at first.
 * Cost: constant; one number.
 */
import { inRange } from "../basics";
import type { Taken, TokenBucketOptions } from "./token-bucket";

export interface GcraStep {
  readonly result: Taken;
  /** The number to keep: changed only if `result` is `taken`. */
  readonly arrivalMs: number;
}

/** Relative to the time a burst takes, as in token-bucket.ts. */
const rounding = 1e-9;

/**
 * `arrivalMs`: what the step before gave; -Infinity (or 0) for a limiter that was never used.
 * RangeError for an option that cannot be.
 */
export function gcra(
  arrivalMs: number,
  nowMs: number,
  options: TokenBucketOptions & { readonly count?: number },
): GcraStep {
  const { perSecond, count = 1 } = options;
  const { burst = Math.max(1, perSecond) } = options;
  inRange("perSecond", perSecond, { min: 1e-9, max: Number.MAX_SAFE_INTEGER });
  inRange("burst", burst, { min: 1, max: Number.MAX_SAFE_INTEGER });
  inRange("count", count, { min: 0, max: burst });
  const intervalMs = 1_000 / perSecond;
  const next = Math.max(arrivalMs, nowMs) + count * intervalMs;
  const afterMs = next - nowMs - burst * intervalMs;
  if (afterMs > rounding * burst * intervalMs)
    return { result: { kind: "wait", afterMs }, arrivalMs };
  return { result: { kind: "taken" }, arrivalMs: next };
}
