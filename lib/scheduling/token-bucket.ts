/**
 * How much may be done: a bucket fills with tokens at a steady rate, up to a burst, and whatever is
 * done takes some out. Plain data under two functions, so that a protocol can save and copy it.
 *
 * Source: J. Turner, "New directions in communications", IEEE Communications Magazine 24(10), 1986;
 * as a token bucket in J. Heinanen, R. Guerin, RFC 2697, 1999, section 3 (one rate, one burst).
 * Guarantees: in any time t at most burst + t x rate tokens, while the clock does not step back.
 * A clock that does (another leader's) fills the bucket from there on, and at once from no time.
 * Cost: constant.
 */
import { inRange, onlyKnown } from "../basics";

export interface TokenBucket {
  /** Tokens that come each second, above 0. */
  readonly perSecond: number;
  /** Tokens that fit, from 1. */
  readonly burst: number;
  /** Tokens that were there at `atMs`. */
  tokens: number;
  atMs: number;
}

/** Times come from the caller's clock. `afterMs`: how long until there is enough, if none takes. */
export type Taken =
  { readonly kind: "taken" } | { readonly kind: "wait"; readonly afterMs: number };

export interface TokenBucketOptions {
  /** Tokens a second, above 0. */
  readonly perSecond: number;
  /** Tokens that fit, from 1; default the greater of 1 and `perSecond`: one second's worth. */
  readonly burst?: number;
}

/** Sums of fractions of tokens are off by about 1e-12 of the burst; this forgives it. */
const rounding = 1e-9;
const most = Number.MAX_SAFE_INTEGER;

/** A full bucket. RangeError for an option that cannot be. */
export function tokenBucket(options: TokenBucketOptions, nowMs: number): TokenBucket {
  onlyKnown("tokenBucket", options, ["perSecond", "burst"]);
  const perSecond = inRange("perSecond", options.perSecond, { min: 1e-9, max: most });
  const burst = inRange("burst", options.burst ?? Math.max(1, perSecond), { min: 1, max: most });
  return { perSecond, burst, tokens: burst, atMs: nowMs };
}

/** Takes the tokens if they are there, and changes the bucket; otherwise tells how long to wait. */
export function takeTokens(bucket: TokenBucket, nowMs: number, count = 1): Taken {
  inRange("count", count, { min: 0, max: bucket.burst });
  const tokens = tokensAt(bucket, nowMs);
  bucket.atMs = nowMs;
  bucket.tokens = tokens;
  const missing = count - tokens;
  if (missing > rounding * bucket.burst) {
    return { kind: "wait", afterMs: (1_000 * missing) / bucket.perSecond };
  }
  bucket.tokens = Math.max(0, -missing);
  return { kind: "taken" };
}

/** Tokens that are in the bucket at a time; changes nothing. */
export function tokensAt({ tokens, atMs, perSecond, burst }: TokenBucket, nowMs: number): number {
  const elapsedMs = Math.max(0, nowMs - atMs);
  return Math.min(burst, tokens + (elapsedMs * perSecond) / 1_000);
}
