/** What a seed draws for a storm over MapReduce: plain data. */
import { at, crash, randomFaults } from "../../../hosts";
import type { ScheduledFault } from "../../../hosts";
import type { SimulationOptions } from "../simulation/simulate-job";

/**
 * "network": messages alone are lost, doubled and late; "doomed": machines crash and come back, are
 * cut off, stand still, and one dies for good; "wild": the same, and none does.
 */
export type JobWeather = "network" | "doomed" | "wild";

export interface JobStormPlan {
  readonly seed: number;
  readonly weather: JobWeather;
  /** The coordinator crashes and is started again, now and then. */
  readonly hasRestarts: boolean;
  readonly job: SimulationOptions;
}

const faultsEndMs = 20_000;
/** Most reduces run then. */
const restartsEndMs = 40_000;
/** The job has this long after the last crash of a worker. */
export const graceMs = 100_000;
const workers = 6;
const machines = Array.from({ length: workers }, (_, i) => `m${i + 1}`);
const executors = Array.from({ length: workers }, (_, i) => `xn${i + 1}`);
const often = { everyMs: 4_000, minMs: 500, maxMs: 9_000 };
const network = { ...often, maxLossRate: 0.3, maxDuplicateRate: 0.3, maxReorderRate: 0.5 };

/** The plan of a seed; `fixed` replaces what it has drawn. */
export function planOf(seed: number, fixed: Partial<JobStormPlan> = {}): JobStormPlan {
  const weather =
    fixed.weather ?? (seed % 4 === 0 ? "network" : seed % 3 === 0 ? "doomed" : "wild");
  const hasRestarts = fixed.hasRestarts ?? weather !== "network";
  const writeMs = { kind: "exponential", minMs: 1, tailMs: 40 } as const;
  const job: SimulationOptions = {
    ...{ seed, workers, maps: 12, reduces: 4, splitBytes: 4_000_000 },
    ...{ recordsPerSplit: 50, badEvery: 97, replicas: 2, rackSize: 3 },
    ...(hasRestarts && seed % 2 === 1 && { disk: { writeMs } }),
    coordinator: { backupShare: seed % 2 === 0 ? 0.3 : 0, backupFactor: seed % 5 === 0 ? 0 : 1.5 },
    untilMs: faultsEndMs + graceMs,
    maxEvents: 100_000,
  };
  return { seed, weather, hasRestarts, job, ...fixed };
}

/** In the order of time; all but the death of a doomed machine have ended 40 s after the start. */
export function faultsOf(plan: JobStormPlan): ScheduledFault[] {
  const { seed, weather, hasRestarts } = plan;
  const faults = weather === "network" ? networkFaults(seed) : machineFaults(seed, weather);
  const all = hasRestarts ? [...faults, ...coordinatorFaults(seed)] : faults;
  return all.sort((left, right) => left.atMs - right.atMs);
}

function networkFaults(seed: number): ScheduledFault[] {
  return randomFaults({ seed, names: machines, untilMs: faultsEndMs, network });
}

function machineFaults(seed: number, weather: JobWeather): ScheduledFault[] {
  const isOneDoomed = weather === "doomed";
  const faults = randomFaults({
    seed,
    names: isOneDoomed ? machines.slice(0, -1) : machines,
    untilMs: faultsEndMs,
    omitRate: 0.4,
    crash: { ...often, disk: "either" },
    pause: often,
    slow: { ...often, maxFactor: 20, names: executors },
    partition: { ...often, names: ["n0", "gfs", ...machines] },
    network,
  });
  return isOneDoomed ? [...faults, at(500 + seed * 7, crash(["m6"], "lost"))] : faults;
}

/** Its disk is kept; every second seed it is slow, and a write may be torn. */
function coordinatorFaults(seed: number): ScheduledFault[] {
  const disk = seed % 4 === 1 ? "torn" : "kept";
  const crash = { everyMs: 5_000, minMs: 100, maxMs: 6_000, disk } as const;
  return randomFaults({ seed: seed + 500_000, names: ["n0"], untilMs: restartsEndMs, crash });
}
