/**
 * Failure detectors on the same heartbeats: how soon a crash is noticed, and how often and for how
 * long a living node is suspected.
 *
 * Source: the three measures of Chen, Toueg and Aguilera, DSN 2000: detection time, mistake rate,
 * mistake duration.
 */
import { inRange, onlyKnown, wholeInRange } from "../../../basics";
import { Simulator, at, crash } from "../../../hosts";
import type { NetworkOptions, SimulatedNote } from "../../../hosts";
import type { NodeId } from "../../../protocol";
import { HeartbeatMonitor } from "../heartbeat-monitor";
import type { HeartbeatMessage, HeartbeatOptions, HeartbeatTimer } from "../heartbeat-monitor";

export interface DetectorComparison {
  readonly seed: number;
  /** 2 to 100; default 10. */
  readonly nodes?: number;
  readonly network?: Partial<NetworkOptions>;
  readonly options?: Partial<HeartbeatOptions>;
  /** Until the first node crashes; default 300,000 ms. Mistakes are counted from a tenth of it. */
  readonly lastsMs?: number;
}

export interface DetectorRow {
  /** "timeout" or "phi 3". */
  readonly detector: string;
  /** Mean over all that watched the crashed node, and the slowest of them. */
  readonly detectionMs: number;
  readonly slowestMs: number;
  /** Watchers that noticed within a minute, of all. */
  readonly noticed: number;
  /** Wrong suspicions, a watched pair and hour. */
  readonly mistakesAnHour: number;
  /** Mean, until the next heartbeat; 0 without a mistake. */
  readonly mistakeMs: number;
}

/** The quickest first. Throws a RangeError for an option that is wrong. */
export function compareDetectors(comparison: DetectorComparison): DetectorRow[] {
  onlyKnown("compareDetectors", comparison, ["seed", "nodes", "network", "options", "lastsMs"]);
  const { seed, network = {}, options = {} } = comparison;
  const lastsMs = inRange("lastsMs", comparison.lastsMs ?? 300_000, { min: 1, max: 1e9 });
  const nodes = wholeInRange("nodes", comparison.nodes ?? 10, { min: 2, max: 100 });
  const notes: SimulatedNote[] = [];
  const simulator = new Simulator<HeartbeatMessage, HeartbeatTimer>({
    ...{ seed, network, isTraced: false },
    onNote: (note) => notes.push(note),
  });
  for (let i = 1; i <= nodes; i++) simulator.add(`n${i}`, HeartbeatMonitor, { options });
  simulator.schedule(at(lastsMs, crash(["n1"])));
  simulator.run({ untilMs: lastsMs + 60_000 });
  const detectors = [...new Set(notes.map(({ detail }) => detectorOf(detail)))].sort();
  const rows = detectors.map((detector) => {
    const own = notes.filter(({ detail }) => detectorOf(detail) === detector);
    const pairHours = (nodes * (nodes - 1) * 0.9 * lastsMs) / 3_600_000;
    return {
      detector,
      ...detectionOf(own, lastsMs, nodes),
      ...mistakesOf(own, lastsMs, pairHours),
    };
  });
  return rows.sort((left, right) => left.detectionMs - right.detectionMs);
}

function detectorOf(detail: unknown): string {
  return (detail as { detector: string }).detector;
}

function pairOf({ node, detail }: SimulatedNote): string {
  return `${node}>${(detail as { peer: NodeId }).peer}`;
}

/** A watcher that suspects the crashed node already, by mistake, is left out. */
function detectionOf(notes: readonly SimulatedNote[], crashMs: number, nodes: number) {
  const lastTrust = new Map<string, number>();
  for (const note of notes) {
    if ((note.detail as { peer: NodeId }).peer !== "n1" || note.label !== "suspected") continue;
    if (note.atMs >= crashMs) lastTrust.set(pairOf(note), note.atMs - crashMs);
  }
  const times = [...lastTrust.values()];
  const detectionMs = times.reduce((sum, ms) => sum + ms, 0) / Math.max(1, times.length);
  return { detectionMs, slowestMs: Math.max(0, ...times), noticed: times.length / (nodes - 1) };
}

function mistakesOf(notes: readonly SimulatedNote[], crashMs: number, pairHours: number) {
  const since = new Map<string, number>();
  const durations: number[] = [];
  for (const note of notes) {
    if (note.atMs >= crashMs) break;
    const pair = pairOf(note);
    const startMs = since.get(pair);
    if (note.label === "suspected") since.set(pair, note.atMs);
    else if (startMs !== undefined && startMs >= crashMs / 10) durations.push(note.atMs - startMs);
  }
  const total = durations.reduce((sum, ms) => sum + ms, 0);
  const mistakeMs = total / Math.max(1, durations.length);
  return { mistakesAnHour: durations.length / pairHours, mistakeMs };
}
