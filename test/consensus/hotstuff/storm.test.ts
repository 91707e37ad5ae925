/**
 * Storms over HotStuff. `HOTSTUFF_SEEDS=2000 npx vitest run test/consensus/hotstuff/storm` runs
 * more of them; `npx dabbawala storm hotstuff --seed 17` plays one.
 */
import { hotStuffStorm, hotStuffStormPlan } from "dabbawala/consensus";
import { describe, expect, it } from "vitest";

const count = Number(process.env["HOTSTUFF_SEEDS"] ?? 30);
const seeds = Array.from({ length: count }, (_, i) => i + 1);

describe(`${count} storms`, () => {
  const counts = new Map<string, number>();

  it(
    "one history in every seed, and every command answered once it is calm",
    { timeout: 3e6 },
    () => {
      const failures = seeds.flatMap((seed) => {
        const { failure, ...result } = hotStuffStorm.build(seed).run();
        for (const [label, n] of result.counts) counts.set(label, (counts.get(label) ?? 0) + n);
        if (failure === undefined) return [];
        return [`dabbawala storm hotstuff --seed ${seed}: ${failure.property}: ${failure.detail}`];
      });
      expect(failures).toEqual([]);
    },
  );

  it.each([...(hotStuffStorm.sometimes ?? [])])("%s happened", (label) => {
    expect(counts.get(label) ?? 0).toBeGreaterThan(0);
  });

  it("every lie was told, at n = 4 and n = 7", () => {
    const plans = seeds.map((seed) => hotStuffStormPlan(seed));
    expect(new Set(plans.flatMap(({ traitors }) => Object.values(traitors))).size).toBe(6);
    expect(new Set(plans.map(({ replicas }) => replicas))).toEqual(new Set([4, 7]));
  });
});

it.each([...hotStuffStorm.variants])(
  "%s is caught within 60 seeds",
  { timeout: 300_000 },
  (variant) => {
    const found = Array.from({ length: 60 }, (_, i) => i + 1).find((seed) => {
      const { failure } = hotStuffStorm.build(seed, variant).run();
      return failure !== undefined && failure.property !== "exception";
    });
    expect(found).toBeDefined();
  },
);
