/**
 * The experiment of figure 3 of the paper, a sort of 10^10 records with and without backup tasks,
 * on the simulated cluster.
 *
 * Source: Dean and Ghemawat 2004, sections 5.3 and 5.4: M = 15,000 splits of 64 MB, R = 4,000,
 * 1,746 workers; 891 s, and 1,283 s (44 % longer) without backups, where after 960 s all but 5
 * reduce tasks were done. Ours differs: reduce tasks fetch when all maps are done, so nothing
 * overlaps.
 */
import { wholeInRange } from "../../../basics";
import type { SimulatedNote } from "../../../hosts";
import type { Phase } from "../control/task-table";
import { simulateJob } from "./simulate-job";
import type { SimulatedJob, SimulationOptions } from "./simulate-job";

/** The workers of the paper's run, its map tasks and its reduce tasks. */
const paper = { workers: 1_746, maps: 15_000, reduces: 4_000 };

/**
 * The paper's job for so many workers, maps and reduces in proportion, so that each machine has as
 * much to do as one of the paper's; and a model of its machines that the paper's figures decide:
 * - a minute of start-up (section 5.2);
 * - map: 1 TB in the 140 s from 60 s to 200 s on 1,746 machines: 4.2 MB/s each;
 * - reduce: 1 TB in the 650 s after that, three rounds of tasks: 1.15 MB/s each;
 * - stragglers: one machine in a hundred takes 1.5 to 5 times as long, so that a handful of reduce
 *   tasks is left when all others are done, as the paper's 5.
 */
export function paperSort(workers = 1_000): SimulationOptions {
  const share = wholeInRange("workers", workers, { min: 1, max: 5_000 }) / paper.workers;
  return {
    workers,
    maps: Math.max(1, Math.round(paper.maps * share)),
    reduces: Math.max(1, Math.round(paper.reduces * share)),
    splitBytes: 64 * 2 ** 20,
    startMs: 60_000,
    costs: { mapBytesPerMs: 4_200, reduceBytesPerMs: 1_150, sigma: 0.1 },
    stragglers: { share: 0.01, minFactor: 1.5, maxFactor: 5 },
    heartbeatMs: 10_000,
    coordinator: { checkMs: 2_000, leaseMs: 60_000, backupFactor: 1.5, backupShare: 0.05 },
  };
}

export interface BackupOptions extends SimulationOptions {
  /** At most so many points of each curve; default 150. */
  readonly points?: number;
}

/** Tasks done by then, of one phase. */
export interface ProgressPoint {
  readonly seconds: number;
  readonly phase: Phase;
  readonly done: number;
}

export interface BackupEffect {
  readonly withBackups: SimulatedJob;
  readonly withoutBackups: SimulatedJob;
  /** How much longer without backups: 0.44 in the paper. */
  readonly increase: number;
  /** Work thrown away with backups, as a share of all: "a few percent" in the paper. */
  readonly extraWork: number;
  readonly curves: readonly (ProgressPoint & { readonly backups: "with" | "without" })[];
}

/** `paperSort` twice with the same machines, with and without backups; `workers`: default 1,000. */
export function simulateBackups(options: BackupOptions = {}): BackupEffect {
  const sort = paperSort(options.workers);
  const base = { ...sort, ...options };
  const coordinator = { ...sort.coordinator, ...options.coordinator };
  const withBackups = simulateJob({ ...base, coordinator });
  const withoutBackups = simulateJob({ ...base, coordinator: { ...coordinator, backupFactor: 0 } });
  const points = options.points ?? 150;
  return {
    withBackups,
    withoutBackups,
    increase: withoutBackups.elapsedMs / withBackups.elapsedMs - 1,
    extraWork: wastedShare(withBackups),
    curves: [
      ...progressOf(withBackups, points).map((point) => ({ ...point, backups: "with" as const })),
      ...progressOf(withoutBackups, points).map((point) => {
        return { ...point, backups: "without" as const };
      }),
    ],
  };
}

/** Tasks done against time, by phase, as at most `points` points each, the last one always. */
export function progressOf(job: SimulatedJob, points: number): ProgressPoint[] {
  return (["map", "reduce"] as const).flatMap((phase) => {
    const changes = job.notes.flatMap((note) => changeOf(note, phase, job));
    let done = 0;
    const curve = changes.map(({ atMs, by }): ProgressPoint => {
      return { seconds: Math.round(atMs) / 1_000, phase, done: (done += by) };
    });
    const stride = Math.max(1, Math.ceil(curve.length / points));
    return curve.filter((_, i) => i % stride === 0 || i === curve.length - 1);
  });
}

function changeOf(
  { atMs, label, detail }: SimulatedNote,
  phase: Phase,
  { maps }: SimulatedJob,
): { atMs: number; by: number }[] {
  if (label === "taskDone") {
    return (detail as { kind: Phase }).kind === phase ? [{ atMs, by: 1 }] : [];
  }
  if (label !== "taskRedone") return [];
  const redone = (detail as number) < maps ? "map" : "reduce";
  return redone === phase ? [{ atMs, by: -1 }] : [];
}

/** Time spent on attempts whose result was not taken, of all time spent. */
function wastedShare({ spans }: SimulatedJob): number {
  let [wasted, total] = [0, 0];
  for (const { startMs, endMs, outcome } of spans) {
    total += endMs - startMs;
    if (outcome !== "done") wasted += endMs - startMs;
  }
  return total === 0 ? 0 : wasted / total;
}
