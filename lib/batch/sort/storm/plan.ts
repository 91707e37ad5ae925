/** What a seed draws for a storm over a sort: plain data. */
import { Random } from "../../../basics";
import { at, crash, randomFaults } from "../../../hosts";
import type { ScheduledFault } from "../../../hosts";
import type { SortSimulationOptions } from "../simulation/simulate-sort";

export interface SortStormPlan {
  readonly seed: number;
  /** "skewed": seven keys of ten are the same. */
  readonly keys: "even" | "skewed" | "equal";
  /** One machine dies for good. */
  readonly isOneDoomed: boolean;
  readonly sort: SortSimulationOptions;
}

const machines = ["m1", "m2", "m3", "m4"];
const often = { everyMs: 3_000, minMs: 300, maxMs: 6_000 };
const faultsEndMs = 15_000;
/** Most ranges are merged then. */
const restartsEndMs = 30_000;
const untilMs = 120_000;

export function planOf(seed: number): SortStormPlan {
  const keys = (["even", "skewed", "equal"] as const)[seed % 3] as SortStormPlan["keys"];
  const writeMs = { kind: "exponential", minMs: 1, tailMs: 30 } as const;
  const sort: SortSimulationOptions = {
    ...{ seed, keys: keysOf(keys, 160, seed), untilMs, maxEvents: 50_000 },
    ...(seed % 2 === 1 && { disk: { writeMs } }),
  };
  return { seed, keys, isOneDoomed: seed % 4 === 1, sort };
}

export function keysOf(kind: SortStormPlan["keys"], count: number, seed: number): string[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => {
    if (kind === "equal" || (kind === "skewed" && random.next() < 0.7)) return "500";
    return String(Math.floor(random.next() * 1_000)).padStart(3, "0");
  });
}

/** In the order of time; all but the death of a doomed machine have ended 30 s after the start. */
export function faultsOf({ seed, isOneDoomed }: SortStormPlan): ScheduledFault[] {
  const network = { ...often, maxLossRate: 0.3, maxDuplicateRate: 0.3, maxReorderRate: 0.5 };
  const faults = randomFaults({
    seed,
    names: isOneDoomed ? machines.slice(0, -1) : machines,
    untilMs: faultsEndMs,
    omitRate: 0.4,
    crash: { ...often, disk: "either" },
    pause: often,
    partition: { ...often, names: ["n0", "out", ...machines] },
    network,
  });
  const doom = isOneDoomed ? [at(500 + seed * 11, crash(["m4"], "lost"))] : [];
  const all = [...faults, ...doom, ...coordinatorFaults(seed)];
  return all.sort((left, right) => left.atMs - right.atMs);
}

/** Its disk is kept; every second seed it is slow, and a write may be torn. */
function coordinatorFaults(seed: number): ScheduledFault[] {
  const disk = seed % 4 === 1 ? "torn" : "kept";
  const crash = { everyMs: 4_000, minMs: 100, maxMs: 5_000, disk } as const;
  return randomFaults({ seed: seed + 500_000, names: ["n0"], untilMs: restartsEndMs, crash });
}
