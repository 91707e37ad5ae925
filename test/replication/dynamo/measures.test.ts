import { describe, expect, it } from "vitest";
import { measureQuorums, measureRepair } from "dabbawala/replication";

const mean = (list: readonly number[]): number =>
  list.reduce((sum, value) => sum + value, 0) / list.length;

describe("what a choice of R and W costs", () => {
  it("one of three down: only quorums of three fail", () => {
    const all = measureQuorums({ readQuorum: 1, writeQuorum: 3, pairs: 40 });
    expect([all.failedReads, all.failedWrites]).toEqual([0, 1]);
    const two = measureQuorums({ readQuorum: 2, writeQuorum: 2, pairs: 40 });
    expect([two.failedReads, two.failedWrites]).toEqual([0, 0]);
    expect([two.readMs.length, two.writeMs.length]).toEqual([40, 40]);
  });

  it("the mean wait for two others is that of the slower of two exponential round trips", () => {
    const { readMs, writeMs } = measureQuorums({ readQuorum: 1, writeQuorum: 3, pairs: 2_000 });
    // The coordinator is an owner itself: a read of one copy waits for the client's link alone.
    expect(mean(readMs)).toBeCloseTo(2, 6);
    // The greater of two sums of two exponentials of mean 9: 9 x 11/4; 2 ms of each link and way.
    const expected = 2 + 2 + (9 * 11) / 4;
    expect(Math.abs(mean(writeMs) / expected - 1)).toBeLessThan(0.05);
  });
});

describe("what anti-entropy sends", () => {
  it("without levels the whole list, with more levels more hashes and fewer entries", () => {
    const bytes = (merkleDepth: number, type: string): number =>
      measureRepair({ keys: 500, merkleDepth }).get(type)?.bytes ?? 0;
    expect(bytes(0, "sync")).toBeGreaterThan(20 * bytes(8, "sync"));
    expect(bytes(8, "compare")).toBeGreaterThan(bytes(0, "compare"));
  });
});
