/**
 * Storms over elections. `ELECTION_SEEDS=5000 npx vitest run test/consensus/election/storm` runs
 * more of them; `npx dabbawala storm election --seed 17` plays one.
 */
import { describe, expect, it } from "vitest";
import { electionStorm } from "dabbawala/consensus";

const count = Number(process.env["ELECTION_SEEDS"] ?? 150);
const seeds = Array.from({ length: count }, (_, i) => i + 1);

describe(`${count} storms`, () => {
  const counts = new Map<string, number>();
  const algorithms = new Set<string>();

  it(
    "each part of a stable partition has one leader, in an epoch of its own",
    { timeout: 1e6 },
    () => {
      const failures = seeds.flatMap((seed) => {
        const storm = electionStorm.build(seed);
        const { failure, ...result } = storm.run();
        algorithms.add((storm.plan as { algorithm: string }).algorithm);
        for (const [label, n] of result.counts) counts.set(label, (counts.get(label) ?? 0) + n);
        if (failure === undefined) return [];
        return [`dabbawala storm election --seed ${seed}: ${failure.property}: ${failure.detail}`];
      });
      expect(failures).toEqual([]);
      expect([...algorithms].sort()).toEqual([
        "bully",
        "changRoberts",
        "hirschbergSinclair",
        "invitation",
        "lcr",
      ]);
    },
  );

  it.each([...(electionStorm.sometimes ?? [])])("%s happened, again and again", (label) => {
    expect(counts.get(label) ?? 0).toBeGreaterThan(seeds.length);
  });
});

it.each([...electionStorm.variants])(
  "%s is caught within 60 seeds",
  { timeout: 60_000 },
  (variant) => {
    const found = Array.from({ length: 60 }, (_, i) => i + 1).find((seed) => {
      const { failure } = electionStorm.build(seed, variant).run();
      return failure !== undefined && failure.property !== "exception";
    });
    expect(found).toBeDefined();
  },
);
