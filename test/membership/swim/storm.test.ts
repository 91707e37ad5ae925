/**
 * Storms over SWIM. `SWIM_SEEDS=5000 npx vitest run test/membership/swim/storm` runs more of them;
 * `npx dabbawala storm swim --seed 17` plays one, and shrinks it when it fails.
 */
import { describe, expect, it } from "vitest";
import { Swim, runSwimStorm, swimStorm, swimStormPlan, swimVariants } from "dabbawala/membership";
import { boundMs } from "dabbawala/dist/membership/swim/storm/run";
import { sometimes } from "dabbawala/dist/membership/swim/storm/definition";

const count = Number(process.env["SWIM_SEEDS"] ?? 200);
const seeds = Array.from({ length: count }, (_, i) => i + 1);

describe(`${count} storms`, () => {
  const counts = new Map<string, number>();
  const agreements: number[] = [];
  const weathers = new Set<string>();

  it("all who are healed agree on who is there, and no invariant breaks", { timeout: 3e6 }, () => {
    const failures: string[] = [];
    for (const seed of seeds) {
      const {
        plan,
        violation,
        agreedMs = Infinity,
        ...result
      } = runSwimStorm(swimStormPlan(seed), Swim);
      if (violation !== undefined) {
        const { property, member, detail } = violation;
        failures.push(
          `npx dabbawala storm swim --seed ${seed}: ${property} at ${member}: ${detail}`,
        );
      }
      for (const [label, n] of result.counts) counts.set(label, (counts.get(label) ?? 0) + n);
      agreements.push(agreedMs);
      weathers.add(plan.weather);
    }
    expect(failures).toEqual([]);
  });

  it.each(sometimes)("%s happened, again and again", (label) => {
    expect(counts.get(label) ?? 0).toBeGreaterThan(seeds.length / 4);
  });

  it("every weather came, and half of the groups agree in a quarter of the bound", () => {
    expect([...weathers].sort()).toEqual(["badLinks", "crashes", "wild"]);
    const sorted = [...agreements].sort((left, right) => left - right);
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThan(boundMs / 4);
  });
});

describe("planted bugs", () => {
  it.each(swimVariants.map(({ id, section }) => [id, section]))(
    "%s (section %s) is caught within 30 seeds",
    (id) => {
      const found = Array.from({ length: 30 }, (_, i) => i + 1).find((seed) => {
        const { failure } = swimStorm.build(seed, id).run();
        return failure !== undefined && failure.property !== "exception";
      });
      expect(found).toBeDefined();
    },
  );

  it("a storm that is given its actions is the same storm again", () => {
    const storm = swimStorm.build(1, "the-dead-are-not-told-that-they-are");
    const first = storm.run();
    const again = storm.run({ actions: first.actions });
    expect(again.failure).toEqual(first.failure);
    expect(again.nowMs).toBe(first.nowMs);
  });
});
