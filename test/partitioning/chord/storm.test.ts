/**
 * Storms over Chord. `CHORD_SEEDS=1000 npx vitest run test/partitioning/chord/storm` runs more of
 * them; `npx dabbawala storm chord --seed 17` plays one, and shrinks it when it fails.
 */
import { describe, expect, it } from "vitest";
import type { StormDefinition } from "dabbawala/hosts";
import { Chord, chordStorm } from "dabbawala/partitioning";
import { chordOptions } from "dabbawala/dist/partitioning/chord/options";
import { placeOf } from "dabbawala/dist/partitioning/chord/places";
import { runChordStorm } from "dabbawala/dist/partitioning/chord/storm/definition";
import { actionsOf, namesOf, planOf } from "dabbawala/dist/partitioning/chord/storm/plan";
import { stormOptions } from "dabbawala/dist/partitioning/chord/storm/plan";
import type { ChordStormPlan } from "dabbawala/dist/partitioning/chord/storm/plan";
import { chordVariants } from "dabbawala/dist/partitioning/chord/storm/variants";
import type { ChordVariant } from "dabbawala/dist/partitioning/chord/storm/variants";
import { stormSuite } from "../../storm-suite";

const seeds = Number(process.env["CHORD_SEEDS"] ?? 8);
stormSuite(chordStorm as StormDefinition, { seeds, catchWithin: 12 });

it("as first published a member is cut off, in a storm that the mended rules stand", () => {
  const { plan, node } = chordVariants.find(({ id }) => id.includes("published")) as ChordVariant;
  const storms = [1, 2, 3, 4].map((seed) => planOf(seed, plan));
  const broken = storms.filter((drawn) => {
    return runChordStorm(drawn, node).failure?.property === "liveSuccessor";
  });
  expect(broken).not.toEqual([]);
  for (const drawn of broken) expect(runChordStorm(drawn, Chord).failure).toBeUndefined();
}, 120_000);

it("an owner that crashes while the answer is under way may be told", () => {
  expect(chordStorm.build(700_985).run().failure).toBeUndefined();
}, 60_000);

describe("a network that falls into two halves, which is more than Chord promises", () => {
  const split = { weather: "split", joiners: 0, bursts: 1 } as const;
  const seeds = Array.from({ length: 12 }, (_, i) => i + 1);
  const fateOf = (plan: ChordStormPlan) => runChordStorm(plan, Chord).failure?.property;

  it("is one ring again when it is mended before anybody is given up", () => {
    const fates = seeds.map((seed) => fateOf(planOf(seed, { ...split, splitMs: 10 })));
    expect(new Set(fates)).toEqual(new Set([undefined]));
  });

  /** Who knows nobody on the own side keeps the list, and so finds back. */
  it("is two rings for good just where everybody has a successor on the own side", () => {
    const plans = seeds.map((seed) => planOf(seed, { ...split, splitMs: 3_000 }));
    const fates = plans.map(fateOf);
    expect(fates).toEqual(plans.map((plan) => (areAtHome(plan) ? "oneRing" : undefined)));
    expect(new Set(fates).size).toBe(2);
  });
});

function areAtHome(plan: ChordStormPlan): boolean {
  const options = chordOptions(plan.options);
  const [fault] = actionsOf(plan).flatMap((action) => {
    return action.kind === "fault" && action.fault.kind === "partition" ? [action.fault] : [];
  });
  const side = fault?.groups[0] ?? [];
  const ring = [...namesOf(plan)].sort((left, right) => {
    return placeOf(options, left) - placeOf(options, right);
  });
  return ring.every((id, at) => {
    const next = [...ring, ...ring].slice(at + 1, at + 1 + stormOptions.successors);
    return next.some((other) => side.includes(other) === side.includes(id));
  });
}
