import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  criticalPath,
  grahamAnomalies,
  listBound,
  listSchedule,
  longestFirst,
  longestFirstBound,
  lowerBound,
  measureGaps,
  optimalSchedule,
  worstForList,
  worstForLongestFirst,
} from "dabbawala/scheduling";
import type { Schedule, Workload } from "dabbawala/scheduling";

const taskTimes = (maxLength: number) =>
  fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength });
const machineCounts = fc.integer({ min: 1, max: 4 });

/** Tasks wait only for those of lower numbers, so there is no circle. */
const workloads = fc
  .record({ times: taskTimes(12), machines: machineCounts, seed: fc.infiniteStream(fc.nat(3)) })
  .map(({ times, machines, seed }): Workload => {
    const isAfter = () => seed.next().value === 0;
    const after = times.map((_, task) =>
      times.flatMap((__, i) => (i < task && isAfter() ? [i] : [])),
    );
    return { times, machines, after };
  });

/** What breaks a schedule: overlaps, missing tasks, broken precedences, and idleness in vain. */
function faultsOf({ times, machines, after = [] }: Workload, { bars }: Schedule): string[] {
  const faults: string[] = [];
  const barOf = times.map((_, task) => bars.filter((bar) => bar.task === task));
  barOf.forEach((own, task) => own.length === 1 || faults.push(`task ${task}: ${own.length} bars`));
  for (const { task, machine, start, end } of bars) {
    if (end - start !== times[task]) faults.push(`task ${task} takes ${end - start}`);
    if (machine < 0 || machine >= machines) faults.push(`task ${task} is nowhere`);
    const isMet = bars.some(
      (other) =>
        other.task !== task &&
        other.machine === machine &&
        Math.max(start, other.start) < Math.min(end, other.end),
    );
    if (isMet) faults.push(`task ${task} shares its machine`);
    const from = Math.max(0, ...(after[task] ?? []).map((other) => barOf[other][0].end));
    if (start < from) faults.push(`task ${task} starts too early`);
    // Graham's rule: as long as it waited though it might have started, every machine was busy.
    for (let at = from + 0.5; at < start; at++) {
      const busy = bars.filter((bar) => bar.start < at && bar.end > at).length;
      if (busy < machines) faults.push(`a machine is idle at ${at} though task ${task} may start`);
    }
  }
  return faults;
}

function byBruteForce({ times, machines }: Workload): number {
  let best = Infinity;
  const loads = new Array<number>(machines).fill(0);
  const place = (task: number): void => {
    if (task === times.length) best = Math.min(best, Math.max(...loads));
    else {
      for (let machine = 0; machine < machines; machine++) {
        loads[machine] += times[task];
        place(task + 1);
        loads[machine] -= times[task];
      }
    }
  };
  place(0);
  return best;
}

describe("list scheduling", () => {
  it("is a schedule, and no machine is idle in vain, for any precedences", () => {
    fc.assert(
      fc.property(workloads, (load) => {
        expect(faultsOf(load, listSchedule(load))).toEqual([]);
        expect(faultsOf(load, listSchedule(load, longestFirst(load.times)))).toEqual([]);
      }),
    );
  });

  it("1969, theorem 1: never above total / m + (1 - 1/m) x the longest chain", () => {
    fc.assert(
      fc.property(workloads, (load) => {
        const total = load.times.reduce((sum, time) => sum + time, 0);
        const chain = criticalPath(load);
        const most = total / load.machines + (1 - 1 / load.machines) * chain;
        expect(listSchedule(load).makespan).toBeLessThanOrEqual(most + 1e-9);
        expect(listSchedule(load).makespan).toBeGreaterThanOrEqual(chain);
      }),
    );
  });

  it("1966 and 1969: 2 - 1/m for any list, 4/3 - 1/(3m) for the longest first", () => {
    fc.assert(
      fc.property(taskTimes(9), machineCounts, (times, machines) => {
        const load = { times, machines };
        const optimum = optimalSchedule(load).makespan;
        const sorted = listSchedule(load, longestFirst(times)).makespan;
        expect(listSchedule(load).makespan).toBeLessThanOrEqual(
          listBound(machines) * optimum + 1e-9,
        );
        expect(sorted).toBeLessThanOrEqual(longestFirstBound(machines) * optimum + 1e-9);
      }),
    );
  });

  it.each([2, 3, 4, 5])("both bounds are reached with %i machines", (machines) => {
    const load = worstForList(machines);
    expect(optimalSchedule(load).makespan).toBe(machines);
    expect(listSchedule(load).makespan / machines).toBeCloseTo(listBound(machines), 12);
    const other = worstForLongestFirst(machines);
    const optimum = optimalSchedule(other);
    const sorted = listSchedule(other, longestFirst(other.times)).makespan;
    expect([optimum.kind, optimum.makespan]).toEqual(["optimal", 3 * machines]);
    expect(sorted / optimum.makespan).toBeCloseTo(longestFirstBound(machines), 12);
  });

  it("1969, the opening example: help makes it longer, each kind of help", () => {
    const makespans = grahamAnomalies().map(({ change, load, list }) => {
      const schedule = listSchedule(load, list);
      expect(faultsOf(load, schedule)).toEqual([]);
      return [change, schedule.makespan];
    });
    expect(makespans).toEqual([
      ["as it is", 12],
      ["another list", 14],
      ["a fourth machine", 15],
      ["every task a unit shorter", 13],
      ["two tasks wait for nothing", 16],
    ]);
  });
});

describe("the optimum", () => {
  it("agrees with brute force, and is a schedule", () => {
    fc.assert(
      fc.property(taskTimes(7), machineCounts, (times, machines) => {
        const load = { times, machines };
        const optimum = optimalSchedule(load);
        expect(optimum).toMatchObject({ kind: "optimal", makespan: byBruteForce(load) });
        expect(optimum.bound).toBe(optimum.makespan);
        expect(Math.max(...optimum.bars.map(({ end }) => end))).toBe(optimum.makespan);
        const faults = faultsOf(load, optimum).filter((fault) => !fault.includes("idle"));
        expect(faults).toEqual([]);
        expect(lowerBound(load)).toBeLessThanOrEqual(optimum.makespan);
      }),
    );
  });

  it("says so when it gives up, with a bound that holds", () => {
    const load = { times: [7, 7, 6, 6, 5, 5, 4, 4, 4], machines: 4 };
    const open = optimalSchedule(load, { maxLooks: 3 });
    const proven = optimalSchedule(load);
    expect([open.kind, proven.kind]).toEqual(["open", "optimal"]);
    expect(open.bound).toBeLessThanOrEqual(proven.makespan);
    expect(open.makespan).toBeGreaterThanOrEqual(proven.makespan);
  });

  it("random workloads lie far below the bounds, sorted ones next to the optimum", () => {
    const gaps = measureGaps({ seed: 1, machines: [2, 4], tasks: 12, workloads: 40 });
    expect(gaps.map(({ machines }) => machines)).toEqual([2, 2, 4, 4]);
    for (const { mean, worst, bound } of gaps) {
      expect(mean).toBeGreaterThanOrEqual(1);
      expect(mean).toBeLessThan(worst);
      expect(worst).toBeLessThan(bound);
    }
    expect(gaps[1].mean).toBeLessThan(gaps[0].mean);
    expect(gaps[1].mean).toBeLessThan(1.02);
    expect(measureGaps({ seed: 1, machines: [2], tasks: 12, workloads: 40 })[0]).toEqual(gaps[0]);
  });
});

it("refuses what is no workload", () => {
  const load = { times: [1, 2], machines: 1 };
  expect(() => listSchedule({ ...load, machines: 0 })).toThrow("machines must be from 1");
  expect(() => listSchedule({ ...load, times: [1, NaN] })).toThrow("times[1] must be from 0");
  expect(() => listSchedule(load, [0, 0])).toThrow("each task from 0 to 1 once");
  expect(() => listSchedule({ ...load, after: [[5]] })).toThrow("Task 0 waits for task 5");
  expect(() => listSchedule({ ...load, after: [[1], [0]] })).toThrow(
    "in a circle never start: 0,1",
  );
  expect(() => optimalSchedule(load, { maxLooks: 0 })).toThrow("maxLooks must be from 1");
  expect(() => listBound(0)).toThrow("machines must be from 1");
});
