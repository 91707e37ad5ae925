/**
 * The time of whoever leads, as far as it can be trusted. It starts from the last time that was
 * agreed on, goes on while the leader runs, and takes no leaps: not when the clock is set, nor when
 * the leader stood still, nor while there was none. So a server that comes back takes nobody's
 * lease for the time in which nobody could have renewed it.
 *
 * Source: ours; etcd's lessor also extends all leases when a leader begins (lease.Lessor.Promote).
 * Guarantees: it goes no faster than the leader's clock; a leap of that adds `maxStepMs` at most.
 */
export interface TrustedClock {
  timeMs: number;
  /** The own clock when it was last looked at; null: not since this server leads. */
  lookedMs: number | null;
}

/** How much of what the own clock has moved by counts as time. */
export type TrustedMs = (movedMs: number, maxStepMs: number) => number;

export const trustedMs: TrustedMs = (movedMs, maxStepMs) =>
  Math.max(0, Math.min(movedMs, maxStepMs));

/** Reads the clock; `agreedMs`: the time in the durable or replicated state. */
export function readTrustedClock(
  clock: TrustedClock,
  own: { readonly nowMs: number; readonly agreedMs: number; readonly maxStepMs: number },
  trusted: TrustedMs = trustedMs,
): number {
  const movedMs = clock.lookedMs === null ? 0 : own.nowMs - clock.lookedMs;
  clock.lookedMs = own.nowMs;
  clock.timeMs = Math.max(clock.timeMs + trusted(movedMs, own.maxStepMs), own.agreedMs);
  return clock.timeMs;
}
