/**
 * Storms over Chord. `CHORD_SEEDS=1000 npx vitest run test/partitioning/chord/storm` runs more of
 * them; `npx dabbawala storm chord --seed 17` plays one, and shrinks it when it fails.
 */
import { expect, it } from "vitest";
import type { StormDefinition } from "dabbawala/hosts";
import { chordStorm } from "dabbawala/partitioning";
import { stormSuite } from "../../storm-suite";

const seeds = Number(process.env["CHORD_SEEDS"] ?? 24);
stormSuite(chordStorm as StormDefinition, { seeds, catchWithin: 20 });

it("as first published, members are cut off in storms that the mended rules stand", () => {
  const failures = [2, 4, 6, 8].map((seed) => {
    const original = chordStorm.build(seed, "the-rules-as-first-published");
    return original.run().failure?.property;
  });
  expect(failures).toContain("liveSuccessor");
}, 60_000);
