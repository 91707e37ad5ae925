/**
 * How late the latest of some tasks is, one after the other on one machine, each in the same time.
 *
 * Source: J. R. Jackson, "Scheduling a production line to minimize maximum tardiness", Management
 * Science Research Report 43, UCLA, 1955: earliest deadline first is as good as any order.
 * Cost: `leastLateness` looks at all n! orders.
 */
import { wholeInRange } from "../../../basics";

export interface DueTasks {
  /** Of each task, from the start. */
  readonly deadlinesMs: readonly number[];
  /** Of every task. */
  readonly taskMs: number;
}

/** Below 0: all are done before their deadlines. `order`: tasks by number, the first first. */
export function worstLateness({ deadlinesMs, taskMs }: DueTasks, order: readonly number[]): number {
  const late = order.map((task, place) => (place + 1) * taskMs - (deadlinesMs[task] ?? 0));
  return Math.max(...late);
}

/** The smallest of all orders; at most 8 tasks. */
export function leastLateness(tasks: DueTasks): number {
  const { length } = tasks.deadlinesMs;
  wholeInRange("deadlinesMs.length", length, { min: 1, max: 8 });
  const all = Array.from({ length }, (_, task) => task);
  return Math.min(...ordersOf(all).map((order) => worstLateness(tasks, order)));
}

function ordersOf(tasks: readonly number[]): number[][] {
  if (tasks.length === 0) return [[]];
  return tasks.flatMap((one) =>
    ordersOf(tasks.filter((other) => other !== one)).map((others) => [one, ...others]),
  );
}
