/**
 * How long elections take and how often votes are split, against the closed form and against
 * chapter 9 of the thesis, which has them from a simulation of its own.
 */
import { describe, expect, it } from "vitest";
import { measureElections, splitVoteRate } from "dabbawala/consensus";

describe("split votes", () => {
  it("the closed form is the one of the reference: 5.23 % and 18.08 % of five servers, one failed", () => {
    expect(splitVoteRate(5, 4, 0.1)).toBeCloseTo(0.0523, 4);
    expect(splitVoteRate(5, 4, 0.2)).toBeCloseTo(0.1808, 4);
    expect(splitVoteRate(5, 3, 0.2)).toBeCloseTo(0.488, 3);
    expect(splitVoteRate(9, 5, 0.1)).toBeCloseTo(0.41, 3);
    expect(splitVoteRate(9, 7, 0.2)).toBeCloseTo(0.148, 3);
  });

  it.each([
    [5, 1, 0.1],
    [5, 1, 0.2],
    [5, 2, 0.2],
  ])(
    "%i servers, %i failed, latency %f of the range: within three deviations",
    (servers, failed, l) => {
      const trials = 1_500;
      const latency = { kind: "constant", ms: 300 * l } as const;
      const timeoutMs = [300, 600] as const;
      const found = measureElections({ seed: 5, servers, failed, latency, timeoutMs, trials });
      const rate = found.filter(({ rounds }) => rounds > 1).length / trials;
      const expected = splitVoteRate(servers, servers - failed, l);
      const deviation = Math.sqrt((expected * (1 - expected)) / trials);
      expect(Math.abs(rate - expected)).toBeLessThan(3 * deviation);
    },
  );
});

describe("section 9.3, elections over a wide area: latency 30 to 40 ms, timeouts 300 to 600 ms", () => {
  it.each([
    [1, 475, 1_500],
    [2, 650, 3_000],
  ])(
    "with %i of 5 failed: %i ms in the mean within 7 in a hundred, 999 of 1,000 within %i ms",
    (failed, meanMs, worstMs) => {
      const latency = { kind: "uniform", minMs: 30, maxMs: 40 } as const;
      const timeoutMs = [300, 600] as const;
      const trials = 2_000;
      const found = measureElections({ seed: 6, servers: 5, failed, latency, timeoutMs, trials });
      const times = found.map(({ electedMs }) => electedMs);
      const mean = times.reduce((sum, ms) => sum + ms, 0) / trials;
      expect(Math.abs(mean / meanMs - 1)).toBeLessThan(0.07);
      const slow = times.filter((ms) => ms > worstMs).length / trials;
      expect(slow).toBeLessThan(0.001 + 3 * Math.sqrt(0.001 / trials));
    },
  );
});
