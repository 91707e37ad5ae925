import { describe, expect, it } from "vitest";
import {
  Coordinator,
  describeCluster,
  jobStormFaults,
  jobStormPlan,
  mapReduceStorm,
  simulateJob,
} from "dabbawala/batch";
import { judge } from "dabbawala/dist/batch/map-reduce/storm/judge";
import { jobVariants } from "dabbawala/dist/batch/map-reduce/storm/variants";
import { loadStorm } from "dabbawala/hosts";
import { traceText } from "dabbawala/protocol";

const seeds = 400;

describe("storms over MapReduce, its coordinator among those who crash", () => {
  it(`${seeds} seeds: every job ends, with the exact output and counters, each task once`, () => {
    const seen = new Map<string, number>();
    for (let seed = 1; seed <= seeds; seed++) {
      const { failure, counts } = mapReduceStorm.build(seed).run();
      expect(failure, `npx dabbawala storm mapreduce --seed ${seed}`).toBeUndefined();
      for (const [label, count] of counts) seen.set(label, (seen.get(label) ?? 0) + count);
    }
    // What a storm must have reached to be worth its name.
    for (const label of mapReduceStorm.sometimes ?? []) {
      expect(seen.get(label) ?? 0, `${label} happened`).toBeGreaterThan(seeds / 10);
    }
  }, 120_000);

  it("the command finds the definition by its file", () => {
    expect(loadStorm(mapReduceStorm.modulePath)).toBe(mapReduceStorm);
    expect(mapReduceStorm.describe(jobStormFaults(jobStormPlan(1))[0]!)).toMatch(/[a-z]+/);
  });
});

describe("storms that once found a bug", () => {
  it("a backup of a reduce, started while a lost map was made again, missed its output", () => {
    for (const seed of [2826, 3018, 3546, 3606, 3906]) {
      const plan = jobStormPlan(seed, { hasRestarts: false });
      const options = { ...plan.job, faults: jobStormFaults(plan) };
      expect(judge(simulateJob(options), options)).toBeUndefined();
    }
  });
});

describe("laws", () => {
  it("the same seed gives the same trace, and messages and fields survive a wire and a clone", () => {
    for (const seed of [3, 6, 10]) {
      const plan = jobStormPlan(seed);
      const options = { ...plan.job, faults: jobStormFaults(plan), isTraced: true };
      const { trace } = simulateJob(options);
      expect(traceText(simulateJob(options).trace)).toBe(traceText(trace));
      for (const { event } of trace) {
        if (event.kind !== "message") continue;
        expect(JSON.parse(JSON.stringify(event.message))).toEqual(event.message);
      }
    }
    const { plan } = describeCluster(jobStormPlan(1).job);
    const coordinator = new Coordinator("n0", [], { plan });
    expect(structuredClone({ ...coordinator })).toEqual({ ...coordinator });
  });
});

describe("planted bugs are caught by a storm", () => {
  it.each(jobVariants.map(({ id }) => id))("%s", (id) => {
    let seed = 1;
    while (seed <= 200 && mapReduceStorm.build(seed, id).run().failure === undefined) seed++;
    expect(seed, "seeds to kill").toBeLessThanOrEqual(200);
  });
});
