/**
 * Storms over the scheduler. `SCHEDULING_SEEDS=1000 npx vitest run test/scheduling/storm` runs more
 * of them; `npx dabbawala storm scheduling --seed 17` one.
 */
import { describe, expect, it } from "vitest";
import { runSchedulerStorm, schedulerStorm, schedulerStormPlan } from "dabbawala/scheduling";
import { schedulerVariants } from "dabbawala/scheduling";
import { sometimes } from "dabbawala/dist/scheduling/storm/definition";

const count = Number(process.env["SCHEDULING_SEEDS"] ?? 12);

describe(`${count} storms`, () => {
  const counts = new Map<string, number>();

  it("no task is lost, none has its effect twice, order and causes are kept, all end", () => {
    const failures: string[] = [];
    for (let seed = 1; seed <= count; seed++) {
      const { failure, counts: seen } = runSchedulerStorm(schedulerStormPlan(seed));
      for (const [label, n] of seen) counts.set(label, (counts.get(label) ?? 0) + n);
      if (failure) failures.push(`seed ${seed}: ${failure.property}: ${failure.detail}`);
    }
    expect(failures).toEqual([]);
  }, 900_000);

  it.each(sometimes)("%s happened", (label) => {
    expect(counts.get(label) ?? 0).toBeGreaterThan(0);
  });
});

it("the same seed is the same storm, and its actions played again are it again", () => {
  const storm = schedulerStorm.build(2);
  const [first, second] = [storm.run(), storm.run()];
  expect(JSON.stringify(second)).toBe(JSON.stringify(first));
  expect(storm.run({ actions: first.actions }).counts).toEqual(first.counts);
});

it.each([129, 138, 343, 453])("seed %s, in which a snapshot once changed what followed", (seed) => {
  expect(schedulerStorm.build(seed).run().failure).toBeUndefined();
});

describe("planted bugs", () => {
  it.each(schedulerVariants.map(({ id }) => id))(
    "%s is found",
    (id) => {
      const seeds = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
      const found = seeds.find(
        (seed) => schedulerStorm.build(seed, id).run().failure !== undefined,
      );
      expect(found).toBeDefined();
    },
    60_000,
  );
});
