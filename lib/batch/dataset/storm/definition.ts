/** The storm over jobs on data sets, for the command and for tests. */
import { faultLabel } from "../../../hosts";
import type { ScheduledFault, StormDefinition } from "../../../hosts";
import { watched } from "../../storm/watched-worker";
import { TaskWorker } from "../../task-worker";
import { DatasetCoordinator } from "../control/coordinator";
import { simulateDataset } from "../simulation/simulate-dataset";
import type { SimulatedDataset } from "../simulation/simulate-dataset";
import { judge } from "./judge";
import { faultsOf, optionsOf } from "./plan";
import { datasetVariants } from "./variants";

export const storm: StormDefinition<ScheduledFault> = {
  name: "dataset",
  modulePath: __filename,
  variants: datasetVariants.map(({ id }) => id),
  about: (variant) => datasetVariants.find(({ id }) => id === variant)?.section ?? "",
  sometimes: [
    ...["workerLost", "attemptForgotten", "attemptFailed", "inputLost", "again"],
    ...["backupStarted", "lateAnswerIgnored", "partitionCached", "coordinatorResumed"],
    // A coordinator comes back while outputs for shuffles are there that the job still needs.
    "resumedWithOutputs",
  ],
  describe: ({ fault }) => faultLabel(fault),
  build(seed, variant) {
    const plan = optionsOf(seed);
    const { coordinator = DatasetCoordinator, worker = TaskWorker } =
      datasetVariants.find(({ id }) => id === variant) ?? {};
    return {
      plan,
      run({ actions = faultsOf(seed), untilMs = Infinity, isTraced = false } = {}) {
        const faults = actions.filter(({ atMs }) => atMs <= untilMs);
        const replaced = { coordinator, worker: watched(worker) };
        try {
          const run = simulateDataset({ ...plan, faults, variant: replaced, isTraced });
          const { failure, again } = judge(run, plan.plans);
          const { elapsedMs: nowMs, events, trace } = run;
          return { failure, actions: faults, nowMs, events, counts: countsOf(run, again), trace };
        } catch (error) {
          const failure = { property: "brokenOff", detail: (error as Error).message };
          const nothing = { nowMs: 0, events: 0, counts: new Map<string, number>(), trace: [] };
          return { failure, actions: faults, ...nothing };
        }
      },
    };
  },
};

function countsOf({ notes }: SimulatedDataset, again: number): Map<string, number> {
  const counts = new Map([["again", again]]);
  const add = (label: string): unknown => counts.set(label, (counts.get(label) ?? 0) + 1);
  for (const { label, detail } of notes) {
    add(label);
    if (label !== "coordinatorResumed") continue;
    const { jobs, there } = detail as { jobs: readonly unknown[]; there: readonly [string][] };
    if (jobs.length > 0 && there.some(([key]) => key.startsWith("output"))) {
      add("resumedWithOutputs");
    }
  }
  return counts;
}
