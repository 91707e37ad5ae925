/** The storm over MapReduce, for the command and for tests: itself, or with a planted bug. */
import { faultLabel } from "../../../hosts";
import type { ScheduledFault, StormDefinition, StormFailure, StormVerdict } from "../../../hosts";
import { watched } from "../../storm/watched-worker";
import { TaskWorker } from "../../task-worker";
import { Coordinator } from "../control/coordinator";
import { simulateJob } from "../simulation/simulate-job";
import type { SimulatedJob } from "../simulation/simulate-job";
import { judge } from "./judge";
import { faultsOf, planOf } from "./plan";
import { jobVariants } from "./variants";

export const storm: StormDefinition<ScheduledFault> = {
  name: "mapreduce",
  modulePath: __filename,
  variants: jobVariants.map(({ id }) => id),
  about: (variant) => `section ${jobVariants.find(({ id }) => id === variant)?.section}`,
  sometimes: [
    ...["workerLost", "taskRedone", "attemptForgotten", "outputsLost", "attemptFailed"],
    ...["backupStarted", "backupWon", "lateAnswerIgnored", "resumedInMaps", "resumedInReduces"],
  ],
  describe: ({ fault }) => faultLabel(fault),
  build(seed, variant) {
    const plan = planOf(seed);
    const { coordinator = Coordinator, worker = TaskWorker } =
      jobVariants.find(({ id }) => id === variant) ?? {};
    return {
      plan,
      run({ actions = faultsOf(plan), untilMs = Infinity, isTraced = false } = {}) {
        const faults = actions.filter(({ atMs }) => atMs <= untilMs);
        const options = {
          ...plan.job,
          faults,
          variant: { coordinator, worker: watched(worker) },
          isTraced: isTraced || plan.weather === "network",
        };
        try {
          const job = simulateJob(options);
          return verdictOf(job, faults, judge(job, options));
        } catch (error) {
          return brokenOff(faults, error as Error);
        }
      },
    };
  },
};

function verdictOf(
  job: SimulatedJob,
  actions: readonly ScheduledFault[],
  failure: StormFailure | undefined,
): StormVerdict<ScheduledFault> {
  const counts = new Map<string, number>();
  const add = (label: string): unknown => counts.set(label, (counts.get(label) ?? 0) + 1);
  for (const { label, detail } of job.notes) {
    add(label);
    const { reason, done } = Object(detail) as { reason?: string; done?: readonly number[] };
    if (reason?.includes("are lost")) add("outputsLost");
    if (done !== undefined) add(done.length < job.maps ? "resumedInMaps" : "resumedInReduces");
  }
  const { elapsedMs: nowMs, events, trace } = job;
  return { failure, actions, nowMs, events, counts, trace };
}

function brokenOff(
  actions: readonly ScheduledFault[],
  { message: detail }: Error,
): StormVerdict<ScheduledFault> {
  const failure = { property: "brokenOff", detail };
  return { failure, actions, nowMs: 0, events: 0, counts: new Map(), trace: [] };
}
