/**
 * Impossible journeys: two uses of one number, one after the other, in states so far apart that
 * nobody travels so fast.
 *
 * Assumes: an event's place is its state's capital, so 200 km of the distance prove nothing and are
 * taken off first.
 * Cost: one sort of the events.
 */
import { inRange } from "../../../basics";
import { distanceKm, formatAadhaar, statePlaces, states } from "../../../generators";
import { rowsByKey } from "./event-log";
import type { EventLog } from "./event-log";

export interface TravelOptions {
  /** The fastest journey, in km/h, 1 to 100,000; default 900, an airliner. */
  readonly fastestKmPerHour?: number;
  /** What is taken off each distance, in km, 0 to 2,000; default 200. */
  readonly slackKm?: number;
}

export interface TravelAlert {
  readonly aadhaar: string;
  /** Rows of the two events. */
  readonly before: number;
  readonly row: number;
  readonly from: string;
  readonly to: string;
  readonly km: number;
  readonly minutes: number;
}

/** The journeys in the order of the later event. */
export function findTravels(log: EventLog, options: TravelOptions = {}): TravelAlert[] {
  const { fastestKmPerHour = 900, slackKm = 200 } = options;
  inRange("fastestKmPerHour", fastestKmPerHour, { min: 1, max: 100_000 });
  inRange("slackKm", slackKm, { min: 0, max: 2_000 });
  const { rows } = rowsByKey(log.events, (row) => log.aadhaar[row]);
  const alerts: TravelAlert[] = [];
  for (let i = 1; i < rows.length; i++) {
    const [before, row] = [rows[i - 1], rows[i]];
    if (log.aadhaar[before] !== log.aadhaar[row] || log.state[before] === log.state[row]) continue;
    const km = distanceKm(statePlaces[log.state[before]], statePlaces[log.state[row]]);
    const minutes = (log.timeMs[row] - log.timeMs[before]) / 60_000;
    if (km - slackKm <= (minutes / 60) * fastestKmPerHour) continue;
    alerts.push({
      ...{ aadhaar: formatAadhaar(log.aadhaar[row]), before, row, km, minutes },
      from: states[log.state[before]].name,
      to: states[log.state[row]].name,
    });
  }
  return alerts.sort((a, b) => a.row - b.row);
}
