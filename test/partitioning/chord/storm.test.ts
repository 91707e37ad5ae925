/**
 * Storms over Chord. `CHORD_SEEDS=1000 npx vitest run test/partitioning/chord/storm` runs more of
 * them; `npx dabbawala storm chord --seed 17` plays one, and shrinks it when it fails.
 */
import { expect, it } from "vitest";
import type { StormDefinition } from "dabbawala/hosts";
import { Chord, chordStorm } from "dabbawala/partitioning";
import { runChordStorm } from "dabbawala/dist/partitioning/chord/storm/definition";
import { planOf } from "dabbawala/dist/partitioning/chord/storm/plan";
import { chordVariants } from "dabbawala/dist/partitioning/chord/storm/variants";
import type { ChordVariant } from "dabbawala/dist/partitioning/chord/storm/variants";
import { stormSuite } from "../../storm-suite";

const seeds = Number(process.env["CHORD_SEEDS"] ?? 16);
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
