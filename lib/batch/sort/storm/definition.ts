/** The storm over a distributed sort, for the command and for tests. */
import { faultLabel } from "../../../hosts";
import type { ScheduledFault, StormDefinition, StormFailure, StormVerdict } from "../../../hosts";
import { watched } from "../../storm/watched-worker";
import { TaskWorker } from "../../task-worker";
import { SortCoordinator } from "../control/coordinator";
import { simulateSort } from "../simulation/simulate-sort";
import type { SimulatedSort } from "../simulation/simulate-sort";
import { judge } from "./judge";
import { faultsOf, planOf } from "./plan";
import { sortVariants } from "./variants";

export const storm: StormDefinition<ScheduledFault> = {
  name: "sort",
  modulePath: __filename,
  variants: sortVariants.map(({ id }) => id),
  about: () => "section 3.3",
  sometimes: [
    ...["workerLost", "taskRedone", "attemptFailed", "attemptForgotten", "lateAnswerIgnored"],
    // A worker dies while it sorts or writes; one is so slow that its answer comes too late.
    ...["run lost", "merge lost", "merge failed", "resumedInRuns", "resumedInMerges"],
  ],
  describe: ({ fault }) => faultLabel(fault),
  build(seed, variant) {
    const plan = planOf(seed);
    const { coordinator = SortCoordinator, worker = TaskWorker } =
      sortVariants.find(({ id }) => id === variant) ?? {};
    return {
      plan,
      run({ actions = faultsOf(plan), untilMs = Infinity, isTraced = false } = {}) {
        const faults = actions.filter(({ atMs }) => atMs <= untilMs);
        const replaced = { coordinator, worker: watched(worker) };
        try {
          const sort = simulateSort({ ...plan.sort, faults, variant: replaced, isTraced });
          return verdictOf(sort, faults, judge(sort, plan.sort.keys));
        } catch (error) {
          const failure = { property: "brokenOff", detail: (error as Error).message };
          const nothing = { nowMs: 0, events: 0, counts: new Map<string, number>(), trace: [] };
          return { failure, actions: faults, ...nothing };
        }
      },
    };
  },
};

function verdictOf(
  sort: SimulatedSort,
  actions: readonly ScheduledFault[],
  failure: StormFailure | undefined,
): StormVerdict<ScheduledFault> {
  const counts = new Map<string, number>();
  const add = (label: string): unknown => counts.set(label, (counts.get(label) ?? 0) + 1);
  let isPlanned = false;
  for (const { label } of sort.notes) {
    add(label);
    isPlanned ||= label === "rangesPlanned";
    if (label === "coordinatorResumed") add(isPlanned ? "resumedInMerges" : "resumedInRuns");
  }
  for (const { kind, outcome } of sort.spans) add(`${kind} ${outcome}`);
  const { elapsedMs: nowMs, events, trace } = sort;
  return { failure, actions, nowMs, events, counts, trace };
}
