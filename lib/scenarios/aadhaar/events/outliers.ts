/**
 * Outliers among groups of events: devices that are refused far more often than others, hours or
 * modalities that are far slower. Each group's value is held against the median of all, in robust
 * deviations.
 */
import { modalities, states } from "../../../generators";
import type { EventLog } from "./event-log";
import { median, robustScores } from "./robust";

export interface OutlierOptions {
  /** Robust deviations above the median from which a group is told; default 3.5. */
  readonly cut?: number;
  /** Groups with fewer events are left out; default 20. */
  readonly leastEvents?: number;
}

export interface Outlier {
  /** The device, "MH-00017"; or the modality and the row of the event. */
  readonly group: string;
  readonly events: number;
  /** Share refused, 0 to 1; or milliseconds. */
  readonly value: number;
  /** Robust deviations above the median. */
  readonly score: number;
}

/** Devices by the share of their events that were refused, the oddest first. */
export function refusingDevices(log: EventLog, options: OutlierOptions = {}): Outlier[] {
  const { cut = 3.5, leastEvents = 20 } = options;
  const groups = new Map<string, { events: number; refused: number }>();
  for (let row = 0; row < log.events; row++) {
    if (log.device[row] === 0) continue;
    const name = `${states[log.state[row]].code}-${String(log.device[row]).padStart(5, "0")}`;
    const group = groups.get(name) ?? { events: 0, refused: 0 };
    groups.set(name, group);
    group.events++;
    if (log.error[row] !== 0) group.refused++;
  }
  const kept = [...groups].filter(([, { events }]) => events >= leastEvents);
  const shares = kept.map(([, { events, refused }]) => refused / events);
  const scores = robustScores(shares);
  return kept
    .map(([group, { events }], i) => ({ group, events, value: shares[i], score: scores[i] }))
    .filter(({ score }) => score >= cut)
    .sort((a, b) => b.score - a.score);
}

/**
 * Events that took far longer than others of their modality. Latencies are log-normal, so their
 * logarithms are compared. `events` is the number of that modality.
 */
export function slowEvents(log: EventLog, options: OutlierOptions = {}): Outlier[] {
  const { cut = 3.5, leastEvents = 20 } = options;
  return modalities.flatMap((name, modality) => {
    const rows: number[] = [];
    for (let row = 0; row < log.events; row++) if (log.modality[row] === modality) rows.push(row);
    if (rows.length < leastEvents) return [];
    const scores = robustScores(rows.map((row) => Math.log(log.latencyMs[row])));
    return rows
      .map((row, i) => ({
        ...{ group: `${name} ${row}`, events: rows.length },
        ...{ value: log.latencyMs[row], score: scores[i] },
      }))
      .filter(({ score }) => score >= cut)
      .sort((a, b) => b.score - a.score);
  });
}

/** Median latency in ms by modality. */
export function medianLatencies(log: EventLog): { modality: string; medianMs: number }[] {
  return modalities.map((name, modality) => ({
    modality: name,
    medianMs: median(log.latencyMs.filter((_, row) => log.modality[row] === modality)),
  }));
}
