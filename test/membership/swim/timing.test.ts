/** The literal vectors of hashicorp/memberlist's own tests. */
import { describe, expect, it } from "vitest";
import { nextHealth, remainingSuspicionMs } from "dabbawala/dist/membership/swim/timing";
import { retransmitLimit, suspicionTimeoutMs } from "dabbawala/dist/membership/swim/timing";
import { syncScale } from "dabbawala/dist/membership/swim/timing";

describe("memberlist's vectors", () => {
  it.each([
    [0, 0, 30_000],
    [1, 2_000, 14_000],
    [2, 3_000, 4_810],
    [3, 4_000, -2_000],
    [4, 5_000, -3_000],
    [5, 10_000, -8_000],
  ])(
    "suspicion_test: %i confirmations after %i ms leave %i ms",
    (confirmations, elapsedMs, left) => {
      const limits = { expected: 3, minMs: 2_000, maxMs: 30_000 };
      expect(remainingSuspicionMs({ confirmations, elapsedMs, ...limits })).toBe(left);
    },
  );

  it("suspicion_test: with nobody to confirm, the shortest time holds", () => {
    const age = { confirmations: 0, expected: 0, elapsedMs: 0, minMs: 2_000, maxMs: 30_000 };
    expect(remainingSuspicionMs(age)).toBe(2_000);
  });

  it.each([
    [5, 1_000],
    [10, 1_000],
    [50, 1_698],
    [100, 2_000],
    [500, 2_698],
    [1_000, 3_000],
  ])("util_test: of %i members a third of the suspicion timeout is %i ms", (members, third) => {
    expect(suspicionTimeoutMs(3, members, 1_000) / 3).toBe(third);
  });

  it.each([
    [0, 0],
    [1, 3],
    [99, 6],
  ])("util_test: of %i members the retransmit limit is %i", (members, limit) => {
    expect(retransmitLimit(3, members)).toBe(limit);
  });

  it("util_test: tables are exchanged at 1, 2 and 3 times the interval", () => {
    const scales = (from: number, to: number): number[] =>
      Array.from({ length: to - from + 1 }, (_, i) => syncScale(from + i));
    expect(new Set(scales(0, 32))).toEqual(new Set([1]));
    expect(new Set(scales(33, 64))).toEqual(new Set([2]));
    expect(new Set(scales(65, 128))).toEqual(new Set([3]));
  });

  it("awareness_test: the score stays from 0 to 7", () => {
    const deltas = [0, -1, -10, 1, -1, 10, ...Array<number>(8).fill(-1)];
    let health = 0;
    const scores = deltas.map((delta) => (health = nextHealth(health, delta, 8)));
    expect(scores).toEqual([0, 0, 0, 1, 0, 7, 6, 5, 4, 3, 2, 1, 0, 0]);
  });
});
