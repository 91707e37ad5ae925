/** Elections in rings: one leader in every ring, and the message counts of the papers. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ChangRoberts, HirschbergSinclair, Lcr, countRingElection } from "dabbawala/consensus";
import { hirschbergSinclairBound, ringMessages } from "dabbawala/consensus";
import type { ChangRobertsMessage, RingElection } from "dabbawala/consensus";
import { step } from "dabbawala/protocol";

const algorithms = ["changRoberts", "lcr", "hirschbergSinclair"] as const;
/** Messages that look for the leader; the announcement is n more. */
const searching = (election: RingElection): number => {
  const {
    election: names = 0,
    token = 0,
    probe = 0,
    reply = 0,
  } = countRingElection(election).messages;
  return names + token + probe + reply;
};

describe.each(algorithms)("%s", (algorithm) => {
  it("elects the highest alone, in every order of names, and all hear of it", () => {
    const property = fc.property(fc.integer({ min: 2, max: 40 }), fc.nat(), (nodes, seed) => {
      const { leader, messages } = countRingElection({ algorithm, nodes, seed });
      expect(leader).toBe(`n${nodes}`);
      expect(messages["elected"]).toBe(nodes);
    });
    fc.assert(property, { numRuns: 100 });
  });
});

describe.each(["changRoberts", "lcr"] as const)("%s, when all begin", (algorithm) => {
  it.each([2, 3, 8, 32, 128])(
    "of %i nodes has 2n - 1 messages at best, n(n + 1)/2 at worst",
    (nodes) => {
      const { best, worst } = ringMessages(nodes);
      expect(searching({ algorithm, nodes, seed: 1, order: "rising" })).toBe(best);
      expect(searching({ algorithm, nodes, seed: 1, order: "falling" })).toBe(worst);
    },
  );

  // The reference table: 21.7, 129.9 and 695.4 messages.
  it.each([
    [8, 21.7, 800],
    [32, 129.9, 400],
    [128, 695.4, 100],
  ])("of %i nodes has n H_n = %f in the mean, within 3 sigma", (nodes, expected, runs) => {
    expect(ringMessages(nodes).mean).toBeCloseTo(expected, 1);
    const counts = Array.from({ length: runs }, (_, seed) => searching({ algorithm, nodes, seed }));
    const mean = counts.reduce((sum, count) => sum + count, 0) / runs;
    const variance = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / (runs - 1);
    expect(Math.abs(mean - ringMessages(nodes).mean)).toBeLessThan(3 * Math.sqrt(variance / runs));
  });
});

describe("Hirschberg and Sinclair", () => {
  it.each([2, 8, 32, 128, 512])(
    "of %i nodes stays under 8n(1 + ceil(log2 n)) in any order",
    (nodes) => {
      for (const order of ["rising", "falling", "random"] as const) {
        const count = searching({ algorithm: "hirschbergSinclair", nodes, seed: 3, order });
        expect(count).toBeLessThanOrEqual(hirschbergSinclairBound(nodes));
        expect(count).toBeGreaterThan(3 * nodes);
      }
    },
  );

  it("beats the one-way ring at its worst, from about 64 nodes", () => {
    const worst = (algorithm: RingElection["algorithm"], nodes: number): number =>
      searching({ algorithm, nodes, seed: 1, order: "falling" });
    expect(worst("hirschbergSinclair", 8)).toBeGreaterThan(worst("lcr", 8));
    expect(worst("hirschbergSinclair", 256)).toBeLessThan(worst("lcr", 256) / 10);
  });
});

describe("Chang and Roberts, section by section", () => {
  const senses = { nowMs: 0, random: () => 0 };
  const build = (): ChangRoberts => new ChangRoberts("n2", ["n1", "n3"], { standsAtStart: false });
  const hear = (node: ChangRoberts, message: ChangRobertsMessage) =>
    step(node, { kind: "message", from: "n1", message }, senses).filter(
      ({ kind }) => kind === "send",
    );
  const election = (candidate: string, count = 1) =>
    ({ type: "election", count, candidate }) as const;

  it("a higher name is passed on, and who passes takes part", () => {
    const node = build();
    const message = election("n3");
    expect(hear(node, message)).toEqual([{ kind: "send", to: "n3", message }]);
    expect(node.isParticipant).toBe(true);
  });

  it("a lower name is replaced by one's own, once, and then swallowed", () => {
    const node = build();
    expect(hear(node, election("n1"))).toEqual([
      { kind: "send", to: "n3", message: election("n2") },
    ]);
    expect(hear(node, election("n1"))).toEqual([]);
  });

  it("one's own name makes the leader, who announces it", () => {
    const node = build();
    const message = { type: "elected", count: 1, leader: "n2" };
    expect(hear(node, election("n2"))).toEqual([{ kind: "send", to: "n3", message }]);
    expect(node.leader).toBe("n2");
    expect(hear(node, election("n2"))).toEqual([]);
  });

  it("names of an election that has been begun anew do not count", () => {
    const node = build();
    hear(node, election("n3", 2));
    expect(hear(node, election("n3", 1))).toEqual([]);
  });

  it("one starter alone is enough", () => {
    const { leader, messages } = countRingElection({
      ...{ algorithm: "changRoberts", nodes: 20, seed: 5, starters: 1 },
    });
    expect(leader).toBe("n20");
    expect(messages["election"]).toBeLessThan(ringMessages(20).worst);
  });
});

it("a ring that is wrong is refused", () => {
  expect(() => new Lcr("n1", [], { ring: ["n2"] })).toThrow("the ring must hold n1 itself");
  expect(() => new HirschbergSinclair("n1", [], { ring: ["n1", "n2", "n2"] })).toThrow("twice");
  expect(() => new ChangRoberts("n1", [], { electMs: 1 } as object)).toThrow('no option "electMs"');
  expect(() => new ChangRoberts("n1", ["n2"], { electionMs: 0 })).toThrow("electionMs must be");
});
