/**
 * Storms over the attestation of totals. `ECI_SEEDS=2000 npx vitest run test/scenarios/eci` runs
 * more of them; `npx dabbawala storm attestation --seed 17` plays one.
 */
import { describe, expect, it } from "vitest";
import { attestationStorm, attestationVariants } from "dabbawala/scenarios/eci";
import { shrinkStorm } from "dabbawala/hosts";

const count = Number(process.env["ECI_SEEDS"] ?? 40);

describe(`${count} storms`, () => {
  it("two totals never stand, no honest centre is named, liars are, and all was seen", () => {
    const counts = new Set<string>();
    for (let seed = 1; seed <= count; seed++) {
      const verdict = attestationStorm.build(seed).run();
      expect({ seed, failure: verdict.failure }).toEqual({ seed, failure: undefined });
      for (const label of verdict.counts.keys()) counts.add(label);
    }
    expect((attestationStorm.sometimes ?? []).filter((label) => !counts.has(label))).toEqual([]);
  }, 1_200_000);

  it("what a liar alone was told need not stand", () => {
    for (const seed of [198, 404]) {
      expect([seed, attestationStorm.build(seed).run().failure]).toEqual([seed, undefined]);
    }
  });

  it("are the same when their actions are given", () => {
    for (let seed = 1; seed <= 4; seed++) {
      const storm = attestationStorm.build(seed);
      const first = storm.run({ isTraced: true });
      const { trace } = storm.run({ actions: first.actions, isTraced: true });
      expect(trace).toEqual(first.trace);
    }
  }, 60_000);
});

const expected: Readonly<Record<string, readonly string[]>> = {
  "f-1-attestations-are-enough": ["quorum", "agreement"],
  "unsigned-attestations-are-accepted": ["honestNamed", "validity"],
  "the-machines-seal-is-not-checked": ["honestNamed", "validity"],
  "duplicates-are-counted-twice": ["quorum", "agreement"],
  "equivocation-is-not-noticed": ["completeness"],
  "a-centre-attests-two-totals": ["twoWords"],
  "the-word-is-not-saved": ["twoWords", "honestNamed"],
  "evidence-is-believed-unchecked": ["honestNamed"],
  "certificates-are-believed-unchecked": ["validity", "agreement"],
};

describe("planted bugs", () => {
  it.each(attestationVariants.map(({ id }) => id))(
    "%s is found within 60 seeds",
    (id) => {
      for (let seed = 1; seed <= 60; seed++) {
        const { failure } = attestationStorm.build(seed, id).run();
        if (failure === undefined) continue;
        return expect(expected[id]).toContain(failure.property);
      }
      expect.fail("60 storms did not find it");
    },
    120_000,
  );

  it("are cut down to a few actions", () => {
    const shrunk = shrinkStorm(attestationStorm.build(1, "f-1-attestations-are-enough"));
    expect(shrunk?.actions.length).toBeLessThan(4);
  }, 60_000);
});
