/**
 * How far from the optimum lists really are, on random workloads: the bounds are of the worst, and
 * these are what happens. Rows of a table, ready for a chart.
 */
import { Random, wholeInRange, withDefaults } from "../../basics";
import { listBound, longestFirstBound } from "./graham";
import { listSchedule, longestFirst } from "./list-scheduling";
import { optimalSchedule } from "./optimum";

export interface GapOptions {
  /** Numbers of machines to look at; default 2 to 5. */
  readonly machines?: readonly number[];
  /** Tasks of each workload, 1 to 20; default 14. Their times are log-normal, sigma 1. */
  readonly tasks?: number;
  /** Workloads for each number of machines, from 1; default 100. */
  readonly workloads?: number;
  readonly seed: number;
}

const defaults = { machines: [2, 3, 4, 5] as readonly number[], tasks: 14, workloads: 100 };

/** Makespan over optimum, for one number of machines and one order. */
export interface Gap {
  readonly machines: number;
  readonly order: "as they come" | "longest first";
  readonly mean: number;
  readonly worst: number;
  /** Graham's bound for it. */
  readonly bound: number;
}

/** Optima that the search could not prove in 200,000 looks are left out of the figures. */
export function measureGaps({ seed, ...given }: GapOptions): Gap[] {
  const { machines, tasks, workloads } = withDefaults("measureGaps", defaults, given);
  wholeInRange("tasks", tasks, { min: 1, max: 20 });
  wholeInRange("workloads", workloads, { min: 1, max: 1_000_000 });
  return machines.flatMap((count) => {
    const random = new Random(seed, count);
    const [asTheyCome, sorted]: number[][] = [[], []];
    for (let i = 0; i < workloads; i++) {
      const times = Array.from({ length: tasks }, () => Math.ceil(random.logNormal(20, 1)));
      const load = { times, machines: count };
      const optimum = optimalSchedule(load, { maxLooks: 200_000 });
      if (optimum.kind === "open") continue;
      asTheyCome.push(listSchedule(load).makespan / optimum.makespan);
      sorted.push(listSchedule(load, longestFirst(times)).makespan / optimum.makespan);
    }
    return [
      { machines: count, order: "as they come", ...summary(asTheyCome), bound: listBound(count) },
      {
        machines: count,
        order: "longest first",
        ...summary(sorted),
        bound: longestFirstBound(count),
      },
    ] as const;
  });
}

function summary(ratios: readonly number[]): { mean: number; worst: number } {
  const sum = ratios.reduce((total, ratio) => total + ratio, 0);
  return { mean: sum / ratios.length, worst: Math.max(...ratios) };
}
