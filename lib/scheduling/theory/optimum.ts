/**
 * The shortest makespan of independent tasks on equal machines, for small cases: what every list is
 * measured by. The problem (P||Cmax) is NP-hard, so the search is given a bound.
 *
 * Source: branch and bound as in A. H. Land, A. G. Doig, Econometrica 28(3), 1960: the longest task
 * first, to each machine in turn, machines of equal load once; starts from Graham's longest-first.
 * Guarantees: `optimal` is; `open` lies between `bound` and `makespan`.
 * Cost: exponential in the worst case; 20 tasks on 4 machines mostly in milliseconds.
 */
import { wholeInRange, withDefaults } from "../../basics";
import { checkWorkload, listSchedule, longestFirst } from "./list-scheduling";
import type { Schedule, Workload } from "./list-scheduling";

export interface Optimum extends Schedule {
  readonly kind: "optimal" | "open";
  /** No schedule is shorter than this: the makespan itself if `optimal`. */
  readonly bound: number;
  /** Partial schedules that were looked at. */
  readonly looks: number;
}

export interface OptimumOptions {
  /** Partial schedules to look at before giving up, from 1; default 2,000,000. */
  readonly maxLooks?: number;
}

/** `load` must be without precedences: `after` is not looked at. */
export function optimalSchedule(load: Workload, options: OptimumOptions = {}): Optimum {
  checkWorkload(load);
  const { maxLooks } = withDefaults("optimalSchedule", { maxLooks: 2_000_000 }, options);
  wholeInRange("maxLooks", maxLooks, { min: 1, max: Number.MAX_SAFE_INTEGER });
  const { times, machines } = load;
  const start = listSchedule({ times, machines }, longestFirst(times));
  const search = new Search(load, maxLooks);
  search.best = start.makespan;
  search.place(0);
  const schedule = search.bestPlaces === undefined ? start : barsOf(load, search.bestPlaces);
  const isOpen = search.looks > maxLooks;
  const bound = isOpen ? search.bound : schedule.makespan;
  return { kind: isOpen ? "open" : "optimal", ...schedule, bound, looks: search.looks };
}

/** No schedule is shorter: the mean load, the longest task, or two tasks on one machine. */
export function lowerBound({ times, machines }: Workload): number {
  const total = times.reduce((sum, time) => sum + time, 0);
  const sorted = [...times].sort((a, b) => b - a);
  const pair = sorted.length > machines ? sorted[machines - 1] + sorted[machines] : 0;
  return Math.max(total / machines, sorted[0] ?? 0, pair);
}

class Search {
  looks = 0;
  best = Infinity;
  bestPlaces: number[] | undefined = undefined;
  readonly bound: number;
  private readonly order: number[];
  private readonly loads: number[];
  private readonly places: number[];

  constructor(
    private readonly load: Workload,
    private readonly maxLooks: number,
  ) {
    this.bound = lowerBound(load);
    this.order = longestFirst(load.times);
    this.loads = new Array<number>(Math.min(load.machines, load.times.length)).fill(0);
    this.places = new Array<number>(load.times.length).fill(0);
  }

  /** Tries every machine for the task of this rank, and all that come after it. */
  place(rank: number): void {
    if (++this.looks > this.maxLooks || this.best <= this.bound) return;
    if (rank === this.order.length) {
      this.best = Math.max(0, ...this.loads);
      this.bestPlaces = [...this.places];
      return;
    }
    const task = this.order[rank];
    const tried = new Set<number>();
    for (let machine = 0; machine < this.loads.length; machine++) {
      const load = this.loads[machine];
      const isLonger = load + this.load.times[task] >= this.best;
      if (isLonger || tried.has(load)) continue;
      tried.add(load);
      this.places[task] = machine;
      this.loads[machine] = load + this.load.times[task];
      this.place(rank + 1);
      this.loads[machine] = load;
    }
  }
}

/** Each machine does its tasks one after the other, in order of their numbers. */
function barsOf({ times }: Workload, places: readonly number[]): Schedule {
  const ends = new Map<number, number>();
  const bars = places.map((machine, task) => {
    const start = ends.get(machine) ?? 0;
    ends.set(machine, start + times[task]);
    return { task, machine, start, end: start + times[task] };
  });
  bars.sort((a, b) => a.start - b.start || a.machine - b.machine);
  return { bars, makespan: Math.max(0, ...ends.values()) };
}
