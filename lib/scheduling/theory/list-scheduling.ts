/**
 * Who does what when every machine that has nothing to do takes the first task of a list that may
 * start: the schedule of all queues with several workers.
 *
 * Source: R. L. Graham, "Bounds on multiprocessing timing anomalies", SIAM J. Appl. Math. 17(2),
 * 1969; the bound first in "Bounds for certain multiprocessing anomalies", BSTJ 45(9), 1966.
 * Assumes: equal machines, times that are known and tasks that are never interrupted.
 * Guarantees: at most 2 - 1/m times the shortest makespan, whatever the list; 4/3 - 1/(3m) where
 * the longest come first and nothing waits for anything. Of idle machines the first takes the task.
 * Cost: O((n + e) log n) for n tasks and e precedences.
 */
import { Heap, inRange, InputError, wholeInRange } from "../../basics";

export interface Workload {
  /** The time of each task, from 0, in any unit. */
  readonly times: readonly number[];
  readonly machines: number;
  /** `after[i]`: tasks that must have ended before task i starts; default: none for all. */
  readonly after?: readonly (readonly number[])[];
}

/** Where and when one task runs: a bar of the chart. */
export interface Bar {
  readonly task: number;
  readonly machine: number;
  readonly start: number;
  readonly end: number;
}

export interface Schedule {
  /** In order of their starts. */
  readonly bars: readonly Bar[];
  /** The end of the last task. */
  readonly makespan: number;
}

/** `list`: the tasks by number, each once, the most wanted first; default: as they are numbered. */
export function listSchedule(load: Workload, list?: readonly number[]): Schedule {
  checkWorkload(load);
  const { times, machines, after = [] } = load;
  const rank = ranksOf(list ?? times.map((_, task) => task), times.length);
  const followers = followersOf(after, times.length);
  const missing = times.map((_, task) => new Set(after[task]).size);
  const ready = new Heap<number>((left, right) => rank[left] - rank[right]);
  missing.forEach((count, task) => count === 0 && ready.push(task));
  const idle = new Heap<number>((left, right) => left - right);
  for (let machine = 0; machine < machines; machine++) idle.push(machine);
  const running = new Heap<Bar>((left, right) => left.end - right.end);
  const bars: Bar[] = [];
  for (let now = 0; ;) {
    while (idle.size > 0 && ready.size > 0) {
      const [task, machine] = [ready.pop() as number, idle.pop() as number];
      const bar = { task, machine, start: now, end: now + times[task] };
      bars.push(bar);
      running.push(bar);
    }
    const next = running.peek();
    if (next === undefined) break;
    now = next.end;
    for (let bar = running.peek(); bar?.end === now; bar = running.peek()) {
      running.pop();
      idle.push(bar.machine);
      for (const task of followers[bar.task]) if (--missing[task] === 0) ready.push(task);
    }
  }
  if (bars.length < times.length) throw circle(missing);
  return { bars, makespan: bars.reduce((last, { end }) => Math.max(last, end), 0) };
}

/** The list of Graham's second bound: the longest processing time first. */
export function longestFirst(times: readonly number[]): number[] {
  return times.map((_, task) => task).sort((a, b) => times[b] - times[a] || a - b);
}

/** RangeError or InputError that says what cannot be. */
export function checkWorkload({ times, machines, after = [] }: Workload): void {
  wholeInRange("machines", machines, { min: 1, max: 1_000_000 });
  const most = Number.MAX_SAFE_INTEGER;
  times.forEach((time, task) => inRange(`times[${task}]`, time, { min: 0, max: most }));
  after.forEach((before, task) => {
    for (const other of before) {
      if (other in times && task in times) continue;
      throw new InputError(`Task ${task} waits for task ${other}, but there are ${times.length}.`);
    }
  });
}

/** The longest chain of tasks of which each waits for the one before: no schedule is shorter. */
export function criticalPath(load: Workload): number {
  return listSchedule({ ...load, machines: Math.max(1, load.times.length) }).makespan;
}

function ranksOf(list: readonly number[], count: number): number[] {
  const ranks = new Array<number>(count).fill(-1);
  list.forEach((task, rank) => (ranks[task] = rank));
  if (list.length === count && ranks.length === count && !ranks.includes(-1)) return ranks;
  throw new InputError(`The list must name each task from 0 to ${count - 1} once.`);
}

function followersOf(after: readonly (readonly number[])[], count: number): number[][] {
  const followers = Array.from({ length: count }, (): number[] => []);
  after.forEach((before, task) => new Set(before).forEach((other) => followers[other].push(task)));
  return followers;
}

function circle(missing: readonly number[]): InputError {
  const stuck = missing.flatMap((count, task) => (count > 0 ? [task] : []));
  return new InputError(`Tasks that wait for each other in a circle never start: ${stuck}.`);
}
