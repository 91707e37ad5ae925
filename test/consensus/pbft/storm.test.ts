/** PBFT under storms of faults, with replicas that lie: what is promised holds, bugs are found. */
import { describe, expect, it } from "vitest";
import { pbftStorm, pbftStormPlan, pbftVariants, runPbftStorm } from "dabbawala/consensus";
import type { PbftBehaviour, PbftStormAction, PbftStormPlan } from "dabbawala/consensus";
import { shrinkStorm } from "dabbawala/hosts";
import type { Storm } from "dabbawala/hosts";

const calm: Partial<PbftStormPlan> = { faults: {}, faultsMs: 1_000 };

describe("a liar among the backups", () => {
  const lies: readonly PbftBehaviour[] = [
    ...(["silent", "slow", "twoFaced", "wrongDigest", "conflictingVotes", "forging"] as const),
    ...(["replaying", "lyingToClients", "corruptState"] as const),
  ];

  it.each(lies)("%s harms nobody, while messages arrive", (behaviour) => {
    for (const seed of [1, 2, 3]) {
      const turncoats = [{ replica: "n3", behaviours: [behaviour] }];
      const options = { requestTimeoutMs: 1_000, maxTimeoutMs: 4_000 };
      const plan = pbftStormPlan(seed, { ...calm, replicas: 4, turncoats, options });
      const { failure, counts } = runPbftStorm(plan);
      expect([seed, failure]).toEqual([seed, undefined]);
      expect(counts.get("ok")).toBeGreaterThan(10);
    }
  });
});

describe("f + 1 liars", () => {
  it("make correct replicas execute different batches, which is found and cut down", () => {
    const seeds = Array.from({ length: 20 }, (_, i) => i + 1);
    const storms = seeds.map((seed) => pbftStorm.build(seed, "f-1-liars"));
    const isSplit = (storm: Storm): boolean => storm.run().failure?.property === "agreement";
    const shrunk = shrinkStorm(storms.find(isSplit) as Storm<PbftStormAction>, { maxRuns: 100 });
    expect(shrunk?.failure.property).toBe("agreement");
    const turned = shrunk?.actions.filter(({ kind }) => kind === "turn") ?? [];
    expect(turned.map((action) => pbftStorm.describe(action))).toEqual([
      "n1 lies: twoFaced",
      "n2 lies: twoFaced",
    ]);
  });
});

describe("planted bugs", () => {
  it.each(pbftVariants.map(({ id }) => id))("%s is found", (variant) => {
    const seeds = Array.from({ length: 40 }, (_, i) => i + 1);
    const found = seeds.find((seed) => pbftStorm.build(seed, variant).run().failure !== undefined);
    expect(found).toBeDefined();
  });
});

describe("PBFT itself", () => {
  it("stands twelve storms, and every note was made that a good storm makes", () => {
    const seen = new Map<string, number>();
    for (let seed = 1; seed <= 12; seed++) {
      const { failure, counts } = pbftStorm.build(seed).run();
      expect([seed, failure]).toEqual([seed, undefined]);
      for (const [label, count] of counts) seen.set(label, (seen.get(label) ?? 0) + count);
    }
    expect((pbftStorm.sometimes ?? []).filter((label) => !seen.has(label))).toEqual([]);
  });
});

it("a replica that starts again keeps its own voice for a checkpoint", () => {
  // Of seven, two vouch for wrong checkpoints: the others need the voice that n3 had before.
  const { failure } = runPbftStorm(pbftStormPlan(11_308, { replicas: 7 }));
  expect(failure).toBeUndefined();
});

it.each([
  [102_786, "that lacks a state forgot in a crash which checkpoint it knew to be proven"],
  [106_915, "that led alone waited for ever, as primaries had no timer"],
])("storm %i stays clean, in which a replica %s", (seed) => {
  expect(pbftStorm.build(seed).run().failure).toBeUndefined();
});

it("the same seed makes the same storm", () => {
  const [one, other] = [5, 5].map((seed) => pbftStorm.build(seed).run());
  expect(other).toEqual(one);
});
