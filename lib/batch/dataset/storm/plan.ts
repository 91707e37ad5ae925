/** What a seed draws for a storm over jobs on data sets: plain data. */
import { Random } from "../../../basics";
import { at, crash, randomFaults } from "../../../hosts";
import type { ScheduledFault } from "../../../hosts";
import type { JobPlan, PlanStep } from "../control/messages";
import type { DatasetSimulationOptions } from "../simulation/simulate-dataset";

const faultsEndMs = 15_000;
/** Most jobs have ended then. */
const restartsEndMs = 25_000;
/** The jobs have this long after the last fault. */
const graceMs = 100_000;
const workers = 5;
const machines = Array.from({ length: workers }, (_, i) => `m${i + 1}`);
const executors = machines.map((name) => name.replace("m", "xn"));
const slowDisk = { writeMs: { kind: "exponential", minMs: 1, tailMs: 60 } } as const;
const often = { everyMs: 4_000, minMs: 500, maxMs: 9_000 };

/** In the order of time. */
export function faultsOf(seed: number): ScheduledFault[] {
  const all = [...workerFaults(seed), ...coordinatorFaults(seed)];
  return all.sort((left, right) => left.atMs - right.atMs);
}

/** Its disk is kept; where it is slow, a write may be torn. */
function coordinatorFaults(seed: number): ScheduledFault[] {
  const disk = seed % 6 === 1 ? "torn" : "kept";
  const crash = { everyMs: 2_000, minMs: 50, maxMs: 3_000, disk } as const;
  return randomFaults({ seed: seed + 500_000, names: ["n0"], untilMs: restartsEndMs, crash });
}

/** Every fourth storm is of the network alone; in every third one machine dies for good. */
export function workerFaults(seed: number): ScheduledFault[] {
  const network = { ...often, maxLossRate: 0.3, maxDuplicateRate: 0.3, maxReorderRate: 0.5 };
  if (seed % 4 === 0) return randomFaults({ seed, names: machines, untilMs: faultsEndMs, network });
  const names = seed % 3 === 0 ? machines.slice(0, -1) : machines;
  const faults = randomFaults({
    seed,
    names,
    untilMs: faultsEndMs,
    omitRate: 0.4,
    crash: { ...often, disk: "either" },
    pause: often,
    slow: { ...often, maxFactor: 20, names: executors },
    partition: { ...often, names: ["n0", "c1", "out", ...machines] },
    network,
  });
  return seed % 3 === 0 ? [...faults, at(300 + seed * 7, crash(["m5"], "lost"))] : faults;
}

type Parent = PlanStep["parents"][number];

/** A lineage drawn at random: sources, maps, unions, shuffles, joins, some of them cached. */
function drawSteps(random: Random): PlanStep[] {
  const steps: PlanStep[] = [];
  let shuffles = 0;
  const add = (name: string, partitions: number, parents: readonly Parent[]): void => {
    const isCached = random.chance(0.3);
    steps.push({ id: steps.length + 1, name, partitions, parents, isCached });
  };
  const wide = ({ id }: PlanStep): Parent => ({ kind: "wide", step: id, shuffle: ++shuffles });
  const narrow = ({ id }: PlanStep, offset = 0): Parent => ({ kind: "narrow", step: id, offset });
  add("source", 2 + random.below(4), []);
  const length = 4 + random.below(3);
  while (steps.length < length) {
    const [one, other] = [random.pick(steps), random.pick(steps)];
    const kind = random.below(5);
    if (kind === 0) add("source", 2 + random.below(4), []);
    else if (kind === 1) add("map", one.partitions, [narrow(one)]);
    else if (kind === 2) add("shuffle", 2 + random.below(4), [wide(one)]);
    else if (kind === 3 && one.partitions + other.partitions < 12) {
      const parents = [narrow(one), narrow(other, one.partitions)];
      add("union", one.partitions + other.partitions, parents);
    } else if (kind === 4) add("join", one.partitions, [narrow(one), wide(other)]);
  }
  return steps;
}

/** Three jobs; what one computed the next may use. */
function plansOf(seed: number): JobPlan[] {
  const random = new Random(seed, 77);
  const steps = drawSteps(random);
  return [1, 2, 3].map((job) => {
    const target = steps[Math.max(0, steps.length - 1 - random.below(2))] as PlanStep;
    const all = Array.from({ length: target.partitions }, (_, i) => i);
    const partitions = random.chance(0.7) ? all : all.slice(0, 1 + random.below(all.length));
    return { job, target: target.id, partitions, steps };
  });
}

export function optionsOf(seed: number): DatasetSimulationOptions {
  return {
    seed,
    workers,
    plans: plansOf(seed),
    executor: { cachedPartitions: seed % 5 === 0 ? 1 : 100, msPerRow: 60 },
    coordinator: { backupFactor: seed % 2 === 0 ? 2 : 0, localityWaitMs: 1_000, leaseMs: 2_500 },
    ...(seed % 3 !== 0 && { disk: slowDisk }),
    untilMs: restartsEndMs + graceMs,
    maxEvents: 300_000,
  };
}
