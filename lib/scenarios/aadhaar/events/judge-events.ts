/** Alerts held against what the generator planted. */
import type { AuthenticationTruth, TravelTruth } from "../../../generators";
import type { BurstAlert } from "./bursts";
import type { TravelAlert } from "./travels";

export interface AlertScore {
  readonly planted: number;
  /** Planted ones that an alert names. */
  readonly found: number;
  readonly alerts: number;
  readonly rightAlerts: number;
  /** Right alerts among all, and planted ones found: 0 to 1, 1 where there are none. */
  readonly precision: number;
  readonly recall: number;
}

type Truth = Iterable<AuthenticationTruth | TravelTruth>;

/**
 * Bursts, of both kinds together. An alert is right if at least half of its rows are planted ones;
 * a planted burst is found if such an alert holds a quarter of its rows.
 */
export function judgeBursts(alerts: readonly BurstAlert[], truth: Truth): AlertScore {
  const burstOf = new Map<number, string>();
  const sizes = new Map<string, number>();
  for (const planted of truth) {
    if (planted.fault !== "failed-burst") continue;
    burstOf.set(planted.row, planted.burst);
    sizes.set(planted.burst, (sizes.get(planted.burst) ?? 0) + 1);
  }
  const found = new Set<string>();
  let rightAlerts = 0;
  for (const { rows } of alerts) {
    const held = new Map<string, number>();
    for (const row of rows) {
      const burst = burstOf.get(row);
      if (burst !== undefined) held.set(burst, (held.get(burst) ?? 0) + 1);
    }
    const right = [...held.values()].reduce((sum, count) => sum + count, 0);
    if (right * 2 < rows.length) continue;
    rightAlerts++;
    for (const [burst, count] of held) if (count * 4 >= (sizes.get(burst) ?? 0)) found.add(burst);
  }
  return score(sizes.size, found.size, { alerts: alerts.length, rightAlerts });
}

/**
 * Journeys. An alert is right if one of its two events was planted, as a journey or in a burst: a
 * device that tries numbers from everywhere makes their owners travel.
 */
export function judgeTravels(alerts: readonly TravelAlert[], truth: Truth): AlertScore {
  const travels = new Set<number>();
  const planted = new Set<number>();
  for (const { row, fault } of truth) {
    planted.add(row);
    if (fault === "impossible-travel") travels.add(row);
  }
  const right = alerts.filter(({ row, before }) => planted.has(row) || planted.has(before));
  const told = new Set(alerts.flatMap(({ row, before }) => [row, before]));
  const found = [...travels].filter((row) => told.has(row)).length;
  return score(travels.size, found, { alerts: alerts.length, rightAlerts: right.length });
}

function score(
  planted: number,
  found: number,
  { alerts, rightAlerts }: { alerts: number; rightAlerts: number },
): AlertScore {
  return {
    ...{ planted, found, alerts, rightAlerts },
    precision: alerts === 0 ? 1 : rightAlerts / alerts,
    recall: planted === 0 ? 1 : found / planted,
  };
}
