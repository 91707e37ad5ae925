/** What must hold of jobs on data sets after their storm. */
import type { StormFailure } from "../../../hosts";
import type { JobPlan } from "../control/messages";
import { simulateDataset } from "../simulation/simulate-dataset";
import type { SimulatedDataset } from "../simulation/simulate-dataset";
import { Replay } from "./replay";

export interface Judgement {
  /** The first thing that is wrong. */
  readonly failure?: StormFailure;
  /** Outputs and cached partitions that were made again after they had been lost. */
  readonly again: number;
}

export function judge(run: SimulatedDataset, plans: readonly JobPlan[]): Judgement {
  const replay = new Replay(plans);
  replay.play(run.notes);
  const [needless] = replay.violations;
  const failure =
    ended(run) ?? exact(run, plans) ?? (needless && { property: "narrowest", detail: needless });
  return { ...(failure && { failure }), again: replay.again.length };
}

function ended({ kind, reason = "", elapsedMs }: SimulatedDataset): StormFailure | undefined {
  if (kind === "done") return undefined;
  return { property: "jobsEnd", detail: `the jobs are ${kind} after ${elapsedMs} ms ${reason}` };
}

function exact(run: SimulatedDataset, plans: readonly JobPlan[]): StormFailure | undefined {
  if (JSON.stringify(run.results) !== JSON.stringify(run.expected)) {
    return { property: "sameRows", detail: "the rows are others than without a cluster" };
  }
  const rows = rowsOnce(plans);
  if (rows === run.rowsCounted) return undefined;
  const detail = `the accumulator has ${run.rowsCounted} rows, not ${rows}`;
  return { property: "countedOnce", detail };
}

/** Rows of every partition that any job needs, each once, from a run of one worker in peace. */
function rowsOnce(plans: readonly JobPlan[]): number {
  return simulateDataset({ plans, workers: 1, coordinator: { backupFactor: 0 } }).rowsCounted;
}
