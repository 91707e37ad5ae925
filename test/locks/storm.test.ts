/**
 * Storms over the whole lock service. `LOCK_SEEDS=2000 npx vitest run test/locks/storm` runs
 * more of them; `npx dabbawala storm locks --seed 17` one.
 */
import { describe, expect, it } from "vitest";
import { lockStorm, lockStormPlan, lockVariants, runLockStorm } from "dabbawala/locks";
import { sometimes } from "dabbawala/dist/locks/storm/definition";

const count = Number(process.env["LOCK_SEEDS"] ?? 40);

describe(`${count} storms`, () => {
  const counts = new Map<string, number>();

  it("one holder as the resource sees it, rising tokens, everybody served, linearizable", () => {
    const failures: string[] = [];
    for (let seed = 1; seed <= count; seed++) {
      const { failure, counts: seen } = runLockStorm(lockStormPlan(seed));
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
  const storm = lockStorm.build(5);
  const [first, second] = [storm.run(), storm.run()];
  expect(second).toEqual(first);
  const again = storm.run({ actions: first.actions });
  expect(again.counts).toEqual(first.counts);
});

describe("planted bugs", () => {
  it.each(lockVariants.map(({ id, parts, plan }) => [id, parts, plan] as const))(
    "%s is found, and without it the same storm is weathered",
    (id, _parts, plan) => {
      const seeds = Array.from({ length: 40 }, (_, i) => i + 1);
      const seed = seeds.find((each) => lockStorm.build(each, id).run().failure !== undefined);
      expect(seed).toBeDefined();
      const options = { ...plan.options, machine: "locks" };
      const sound = { ...lockStormPlan(seed ?? 1, { ...plan, options }), isFenced: true };
      expect(runLockStorm(sound).failure).toBeUndefined();
    },
    120_000,
  );

  it("an unfenced resource loses an update, whatever else is right", () => {
    const unfenced = lockStorm.build(3, "a-resource-that-asks-for-no-token").run();
    expect(unfenced.failure?.property).toBe("lostUpdate");
  });
});
