/**
 * Storms over gossip, broadcast trees and heartbeats. `GOSSIP_SEEDS=2000 npx vitest run
 * test/membership/storms` runs more of them; `npx dabbawala storm rumours --seed 17` plays one.
 */
import { describe, expect, it } from "vitest";
import { antiEntropyStorm, heartbeatStorm, plumtreeStorm, rumourStorm } from "dabbawala/membership";
import type { StormDefinition } from "dabbawala/hosts";

const count = Number(process.env["GOSSIP_SEEDS"] ?? 40);
const seeds = Array.from({ length: count }, (_, i) => i + 1);
const storms = [rumourStorm, antiEntropyStorm, plumtreeStorm, heartbeatStorm].map(
  (storm) => storm as StormDefinition,
);

describe.each(storms.map((storm) => [storm.name, storm] as const))("%s", (name, storm) => {
  const counts = new Map<string, number>();

  it(`nothing breaks in ${count} storms`, { timeout: 1e6 }, () => {
    const failures = seeds.flatMap((seed) => {
      const { failure, ...result } = storm.build(seed).run();
      for (const [label, n] of result.counts) counts.set(label, (counts.get(label) ?? 0) + n);
      if (failure === undefined) return [];
      return [`dabbawala storm ${name} --seed ${seed}: ${failure.property}: ${failure.detail}`];
    });
    expect(failures).toEqual([]);
  });

  it.each([...(storm.sometimes ?? [])])("%s happened, again and again", (label) => {
    expect(counts.get(label) ?? 0).toBeGreaterThan(seeds.length / 2);
  });

  it.each([...storm.variants])("%s is caught within 30 seeds", { timeout: 60_000 }, (variant) => {
    const found = Array.from({ length: 30 }, (_, i) => i + 1).find((seed) => {
      const { failure } = storm.build(seed, variant).run();
      return failure !== undefined && failure.property !== "exception";
    });
    expect(found).toBeDefined();
  });

  it("a storm that is given its actions is the same storm again", () => {
    const variant = storm.variants[0] as string;
    const first = storm.build(7, variant).run({ isTraced: true });
    const again = storm.build(7, variant).run({ actions: first.actions, isTraced: true });
    expect(again).toEqual(first);
  });
});

describe("a group in a storm", () => {
  it("is described in words", () => {
    const { actions } = rumourStorm.build(1).run();
    const told = actions.find(({ kind }) => kind === "tell");
    expect(told && rumourStorm.describe(told)).toMatch(/^n\d+ is told to tell \{"rumour"/);
  });
});
