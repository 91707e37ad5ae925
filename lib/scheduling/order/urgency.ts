/**
 * Whose turn it is among tasks of one tenant, as one number that never changes: the smaller, the
 * earlier. It is the task's deadline, set back by so much for each level of priority; so what waits
 * grows old, and no later task that is more urgent passes it for ever.
 *
 * Source: C. L. Liu, J. W. Layland, "Scheduling algorithms for multiprogramming in a hard-real-time
 * environment", JACM 20(1), 1973 (earliest deadline first); J. R. Jackson, "Waiting-time
 * distributions for queues with dynamic priorities", Naval Research Logistics Quarterly 9(1), 1962
 * (arrival plus an urgency number). Ours gives tasks without a deadline one of `patienceMs`.
 * Guarantees: a task of priority p waits for one of priority q only if that was due by at most
 * (p - q) x ageingMs after it; without ageing the more urgent always goes first.
 * Cost: O(1).
 */
export interface UrgencyOptions {
  /** Null: no ageing. */
  readonly ageingMs: number | null;
  readonly patienceMs: number;
}

export interface Urgent {
  readonly priority?: number;
  readonly deadlineMs?: number;
}

export const defaultPriority = 5;

/** Some thirty years: no wait makes up for a level of priority, and a double still holds ms. */
const noAgeingMs = 1e12;

/** `fromMs`: when the task could be done first. */
export function urgencyOf(
  { priority = defaultPriority, deadlineMs }: Urgent,
  fromMs: number,
  { ageingMs, patienceMs }: UrgencyOptions,
): number {
  return fromMs + (deadlineMs ?? patienceMs) + priority * (ageingMs ?? noAgeingMs);
}
