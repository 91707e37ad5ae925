/**
 * Graham's bounds, the workloads that reach them, and his example in which help hurts.
 *
 * Source: R. L. Graham, "Bounds on multiprocessing timing anomalies", SIAM J. Appl. Math. 17(2),
 * 1969, theorems 1 and 2 and the example that opens the paper.
 */
import { wholeInRange } from "../../basics";
import type { Workload } from "./list-scheduling";

const machineRange = { min: 1, max: 10_000 };

/** No list is longer than so many times the optimum, with precedences or without: 2 - 1/m. */
export function listBound(machines: number): number {
  return 2 - 1 / wholeInRange("machines", machines, machineRange);
}

/** The same for the longest first, without precedences: 4/3 - 1/(3m). */
export function longestFirstBound(machines: number): number {
  return 4 / 3 - 1 / (3 * wholeInRange("machines", machines, machineRange));
}

/** Reaches 2 - 1/m in the order given: many short tasks, and a long one that comes last. */
export function worstForList(machines: number): Workload {
  wholeInRange("machines", machines, machineRange);
  const short = new Array<number>(machines * (machines - 1)).fill(1);
  return { machines, times: [...short, machines] };
}

/** Reaches 4/3 - 1/(3m): two tasks each of 2m - 1 down to m + 1, and three of m. */
export function worstForLongestFirst(machines: number): Workload {
  wholeInRange("machines", machines, machineRange);
  const pairs = Array.from({ length: machines - 1 }, (_, index) => 2 * machines - 1 - index);
  return {
    machines,
    times: [...pairs.flatMap((time) => [time, time]), ...Array(3).fill(machines)],
  };
}

/** A change that should help, or at least not hurt, and what it is. */
export interface Anomaly {
  readonly change: string;
  readonly load: Workload;
  readonly list?: readonly number[];
}

/**
 * Nine tasks on three machines, 12 units long, and four changes: another list, one more machine,
 * every task shorter, fewer precedences. Each of them makes it longer.
 */
export function grahamAnomalies(): readonly Anomaly[] {
  const times = [3, 2, 2, 2, 4, 4, 4, 4, 9];
  const after = [[], [], [], [], [3], [3], [3], [3], [0]];
  const load = { times, machines: 3, after };
  const isFree = (task: number): boolean => task === 4 || task === 5;
  return [
    { change: "as it is", load },
    { change: "another list", load, list: [0, 1, 3, 4, 5, 2, 8, 6, 7] },
    { change: "a fourth machine", load: { ...load, machines: 4 } },
    { change: "every task a unit shorter", load: { ...load, times: times.map((t) => t - 1) } },
    {
      change: "two tasks wait for nothing",
      load: { ...load, after: after.map((before, task) => (isFree(task) ? [] : before)) },
    },
  ];
}
