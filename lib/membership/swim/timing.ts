/**
 * The arithmetic of hashicorp/memberlist, pure: suspicion timeouts, retransmits, how often tables
 * are exchanged, and Lifeguard's health. Its tests have the same vectors.
 *
 * Source: SWIM, section 4; A. Dadgar, J. Phillips, J. Currey, "Lifeguard: Local Health Awareness
 * for More Accurate Failure Detection", DSN-W 2018, section IV.
 */

/** `multiplier` x max(1, log10 n) periods, cut to a thousandth of a period. */
export function suspicionTimeoutMs(multiplier: number, members: number, periodMs: number): number {
  const scale = Math.max(1, Math.log10(Math.max(1, members)));
  return (multiplier * Math.floor(scale * 1_000) * periodMs) / 1_000;
}

export interface SuspicionAge {
  /** Members that have said the same, beyond the first. */
  readonly confirmations: number;
  /** Confirmations after which the shortest timeout holds. */
  readonly expected: number;
  readonly elapsedMs: number;
  readonly minMs: number;
  readonly maxMs: number;
}

/**
 * Lifeguard's dogpile: max - (max - min) ln(confirmations + 1) / ln(expected + 1), at least min,
 * less the time that has gone. May be negative: then it is over.
 */
export function remainingSuspicionMs(age: SuspicionAge): number {
  const { confirmations, expected, elapsedMs, minMs, maxMs } = age;
  const share = expected < 1 ? 1 : Math.log(confirmations + 1) / Math.log(expected + 1);
  const wholeMs = Math.floor(maxMs - share * (maxMs - minMs));
  return Math.max(minMs, wholeMs) - elapsedMs;
}

/** How often an update is passed on: `multiplier` x ceil(log10(n + 1)). */
export function retransmitLimit(multiplier: number, members: number): number {
  return multiplier * Math.ceil(Math.log10(members + 1));
}

/** Tables are exchanged less often in large groups: every 1, 2, 3... times the interval. */
export function syncScale(members: number): number {
  const threshold = 32;
  if (members <= threshold) return 1;
  return Math.ceil(Math.log2(members) - Math.log2(threshold)) + 1;
}

/** Lifeguard's health score after an event: 0 is well, at most `max` - 1. */
export function nextHealth(health: number, delta: number, max: number): number {
  return Math.min(max - 1, Math.max(0, health + delta));
}
