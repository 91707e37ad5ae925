import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { auditSeat, BravoAudit, expectedBallots } from "dabbawala/scenarios/eci";
import { measureRisk, sampleSizes } from "dabbawala/scenarios/eci";

/**
 * Lindeman, Stark and Yates 2012, table 1: ballots at a risk of 10 %, by the winner's share of the
 * two candidates' votes: quantiles 25, 50, 75, 90 % and the expected number.
 */
const table = [
  [0.7, 12, 22, 38, 60, 30],
  [0.65, 23, 38, 66, 108, 53],
  [0.6, 49, 84, 149, 244, 119],
  [0.58, 77, 131, 231, 381, 184],
  [0.55, 193, 332, 587, 974, 469],
  [0.54, 301, 518, 916, 1_520, 730],
  [0.53, 531, 914, 1_619, 2_700, 1_294],
  [0.52, 1_188, 2_051, 3_637, 6_053, 2_900],
] as const;

describe("the published table of sample sizes", () => {
  it.each(table)("a share of %f", (...row) => {
    const [share, mean] = [row[0], row[5]];
    const mostBallots = Math.ceil(40 * mean);
    const sizes = sampleSizes(share, { risk: 0.1, mostBallots });
    [0.25, 0.5, 0.75, 0.9].forEach((at, i) => {
      // The paper's are exact to two ballots in the rows of the narrowest margins.
      const apart = (sizes.quantiles.get(at) ?? 0) - (row[i + 1] as number);
      expect(Math.abs(apart)).toBeLessThanOrEqual(share > 0.535 ? 0 : 2);
    });
    expect(sizes.confirmed).toBeGreaterThan(0.9999);
    const asn = expectedBallots([share * 1e6, (1 - share) * 1e6].map(Math.round), { risk: 0.1 });
    expect(Math.abs(asn / mean - 1)).toBeLessThan(0.02);
    expect(Math.abs(sizes.mean / mean - 1)).toBeLessThan(0.02);
  });
});

describe("the audit", () => {
  it("is Wald's test, step by step", () => {
    const audit = new BravoAudit([60, 40], { risk: 0.1 });
    let statistic = 1;
    const draws = [0, 1, 0, 0, -1, 1, ...Array<number>(20).fill(0)];
    for (const [i, draw] of draws.entries()) {
      if (draw === 0) statistic *= 1.2;
      if (draw === 1) statistic *= 0.8;
      const state = audit.draw(draw);
      expect(state).toEqual({ kind: statistic >= 10 ? "confirmed" : "open", ballots: i + 1 });
      if (statistic >= 10) return;
    }
    expect.fail("it never ended");
  });

  it("needs every loser to be ruled out", () => {
    const audit = new BravoAudit([50, 40, 10], { risk: 0.05 });
    let state = audit.draw(0);
    while (state.kind === "open") state = audit.draw(0);
    expect(state.ballots).toBe(Math.ceil(Math.log(20) / Math.log(100 / 90)));
  });

  it("gives way to a full count", () => {
    const audit = new BravoAudit([51, 49], { mostBallots: 3 });
    expect([audit.draw(0), audit.draw(1), audit.draw(0)].map(({ kind }) => kind)).toEqual([
      ...["open", "open", "fullCount"],
    ]);
    expect(audit.draw(0)).toEqual({ kind: "fullCount", ballots: 3 });
  });

  it("refuses a tie, a single candidate, and votes that are none", () => {
    expect(() => new BravoAudit([5, 5])).toThrow("candidates 0 and 1 are tied at 5");
    expect(() => new BravoAudit([5])).toThrow("an audit needs two candidates or more");
    expect(() => new BravoAudit([5, -1])).toThrow("votes must be from 0");
    expect(() => new BravoAudit([5, 4], { risk: 0 })).toThrow("risk must be from");
    expect(expectedBallots([5, 5])).toBe(Infinity);
  });
});

describe("the risk", () => {
  const risk = 0.1;

  it("of a wrong winner is at most the limit, computed exactly for ties and losers", () => {
    for (const share of [0.51, 0.55, 0.6, 0.75]) {
      for (const trueShare of [0.5, 0.49, 0.4]) {
        const { confirmed } = sampleSizes(share, { risk, trueShare, mostBallots: 20_000 });
        expect(confirmed).toBeLessThanOrEqual(risk);
        if (trueShare === 0.5 && share <= 0.6) expect(confirmed).toBeGreaterThan(risk * 0.8);
      }
    }
  });

  it("in a simulation of 1,500 audits of a tie that was reported as a win is at most the limit", () => {
    const votes = { reported: [6_000, 4_000, 500], actual: [5_250, 5_250, 0] };
    const { confirmed, audits } = measureRisk(votes, { risk, audits: 1_500, seed: 1 });
    const deviation = Math.sqrt((risk * (1 - risk)) / audits);
    expect(confirmed / audits).toBeLessThan(risk + 3 * deviation);
    expect(confirmed / audits).toBeGreaterThan(risk / 2);
  });

  it("and a right winner is confirmed after about as many ballots as the formula says", () => {
    const votes = [5_500, 4_500];
    const measured = measureRisk(
      { reported: votes, actual: votes },
      { risk, audits: 10_000, seed: 1, mostBallots: 1e6 },
    );
    expect(measured.confirmed).toBe(10_000);
    const expected = expectedBallots(votes, { risk });
    expect(Math.abs(measured.meanBallots / expected - 1)).toBeLessThan(0.04);
  });
});

describe("the audit of a seat", () => {
  const trail = [
    { machine: "CU1", votes: [300, 200, 50], nota: 5 },
    { machine: "CU2", votes: [280, 240, 10], nota: 3 },
    { machine: "CU3", votes: [310, 190, 0], nota: 0 },
  ];
  const reported = [890, 630, 60];

  it("confirms what the slips say, and the same seed draws the same slips", () => {
    const audit = auditSeat(reported, trail, { seed: 7 });
    expect(audit.state.kind).toBe("confirmed");
    expect(audit.winner).toBe(0);
    const drawn = audit.drawn.reduce((sum, each) => sum + each, 0);
    expect(drawn).toBe(audit.state.ballots);
    expect(auditSeat(reported, trail, { seed: 7 })).toEqual(audit);
    expect(auditSeat(reported, trail, { seed: 8 }).first).not.toEqual(audit.first);
    for (const { machine, slip } of audit.first) {
      const of = trail.find((each) => each.machine === machine);
      const slips = (of?.votes ?? []).reduce((sum, each) => sum + each, of?.nota ?? 0);
      expect(slip).toBeGreaterThan(0);
      expect(slip).toBeLessThanOrEqual(slips);
    }
  });

  it("counts in full when the slips say otherwise", () => {
    const swapped = [630, 890, 60];
    expect(auditSeat(swapped, trail, { seed: 7 }).state).toEqual({
      ...{ kind: "fullCount", ballots: 1_588 },
    });
  });

  it("draws each candidate's slips as often as there are some", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), (seed) => {
        // A report that is never confirmed draws as many as there are.
        const { drawn } = auditSeat([60, 630, 61], trail, { seed, risk: 1e-300 });
        const shares = drawn.map((count) => count / 1_588);
        [890, 630, 60, 8].forEach((slips, i) => {
          expect(Math.abs((shares[i] as number) - slips / 1_588)).toBeLessThan(0.07);
        });
      }),
      { numRuns: 25 },
    );
  });

  it("refuses a trail of other candidates", () => {
    const wrong = [{ machine: "CU9", votes: [1], nota: 0 }];
    expect(() => auditSeat(reported, wrong, { seed: 1 })).toThrow("CU9 has 1 candidates");
    expect(() => auditSeat(reported, [], { seed: 1 })).toThrow("there are no ballots");
  });
});
