/** What a new view begins with: section 4.4 for proofs, figure 4 of 2002 for claims. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { paperRules } from "dabbawala/consensus";
import { nullDigest } from "dabbawala/dist/consensus/pbft/encoding";
import type {
  PreparedClaim,
  PrePreparedClaim,
  ViewChange,
} from "dabbawala/dist/consensus/pbft/messages";
import { planOf } from "dabbawala/dist/consensus/pbft/new-view-plan";

const reading = { rules: paperRules, size: { n: 4, f: 1 }, isTransferable: false };

interface Said {
  readonly stable?: number;
  /** P: [sequence, view, digest]. */
  readonly prepared?: readonly (readonly [number, number, string])[];
  /** Q: the same. Default: what is prepared. */
  readonly prePrepared?: readonly (readonly [number, number, string])[];
}

function change(
  replica: string,
  { stable = 0, prepared = [], prePrepared = prepared }: Said,
): ViewChange {
  const claim = ([sequence, view, digest]: readonly [number, number, string]): PrePreparedClaim => {
    return { sequence, view, digest };
  };
  const claims = prepared.map((one): PreparedClaim => ({ kind: "claim", ...claim(one) }));
  const checkpointProof = [
    { type: "checkpoint", sequence: stable, digest: `s${stable}`, replica, proof: "" } as const,
  ];
  const rest = { checkpointProof, prepared: claims, prePrepared: prePrepared.map(claim) };
  return { type: "viewChange", view: 9, stableSequence: stable, ...rest, replica, proof: "" };
}

/** The digests in the order of their sequence numbers, "-" for null; undefined: not settled. */
function planned(...all: readonly Said[]): string | undefined {
  const changes = all.map((said, i) => change(`n${i + 1}`, said));
  const plan = planOf(changes, reading);
  const digests = plan?.digests.map(({ digest }) => (digest === nullDigest ? "-" : digest));
  return digests?.join("");
}

describe("claims, where codes prove nothing to others", () => {
  it("of a quorum that say the same are followed", () => {
    const a = { prepared: [[1, 0, "a"]] } as const;
    expect(planned(a, a, a)).toBe("a");
  });

  it("of one replica count when f + 1 have pre-prepared it and a quorum says nothing else (A1, A2)", () => {
    const prepared = { prepared: [[1, 0, "a"]] } as const;
    const seen = { prePrepared: [[1, 0, "a"]] } as const;
    expect(planned(prepared, seen, {})).toBe("a");
    expect(planned({ ...prepared, stable: 0 }, seen, seen)).toBe("a");
  });

  it("of one replica alone, which may be a lie, do not settle it with three senders", () => {
    const lie = { prepared: [[1, 8, "x"]] } as const;
    expect(planned(lie, {}, {})).toBe(undefined);
    // A fourth that claims nothing either makes a quorum for a null request (B).
    expect(planned(lie, {}, {}, {})).toBe("-");
  });

  it("of a higher view win, where they are supported", () => {
    const low = { prepared: [[1, 0, "a"]] } as const;
    const high = { prepared: [[1, 2, "b"]] } as const;
    const seen = { prePrepared: [[1, 2, "b"]] } as const;
    expect(planned(low, high, seen)).toBe("b");
  });

  it("that nobody else has pre-prepared do not hide what was committed", () => {
    const committed = { prepared: [[1, 0, "a"]] } as const;
    const lie = { prepared: [[1, 8, "x"]] } as const;
    expect(planned(committed, committed, lie)).toBe(undefined);
    expect(planned(committed, committed, lie, committed)).toBe("a");
    expect(planned(committed, committed, lie, { prePrepared: [[1, 0, "a"]] })).toBe("a");
  });

  it("leave gaps to null requests", () => {
    const two = { prepared: [[2, 0, "b"]] } as const;
    expect(planned(two, two, two)).toBe("-b");
  });

  it("at or below a stable checkpoint are over", () => {
    const old = { prepared: [[1, 0, "a"]] } as const;
    const ahead = { stable: 1, prepared: [[2, 0, "b"]] } as const;
    expect(planned(old, ahead, ahead, ahead)).toBe("b");
  });

  it("of correct replicas settle every sequence number, whatever a liar says: 2f + 1 of them", () => {
    const view = fc.integer({ min: 0, max: 8 });
    const lies = fc.array(fc.tuple(fc.constant(1), view, fc.constantFrom("a", "x")), {
      maxLength: 1,
    });
    const honest = fc.constantFrom<Said>(
      { prepared: [[1, 3, "a"]] },
      { prePrepared: [[1, 3, "a"]] },
      {},
    );
    fc.assert(
      fc.property(honest, lies, lies, (third, prepared, prePrepared) => {
        // "a" was committed in view 3: f + 1 correct replicas have prepared it.
        const committed: Said = { prepared: [[1, 3, "a"]] };
        expect(planned(committed, committed, third, { prepared, prePrepared })).toBe("a");
      }),
      { seed: 5 },
    );
  });
});
