/** The rush on real processes, small: shards, gates, payments, and a machine that dies. */
import { describe, expect, it } from "vitest";
import { realRush } from "dabbawala/scenarios/irctc";
import type { RealRushResult } from "dabbawala/scenarios/irctc";

const minute = 60_000;

/** Every rupee is at the bank for a ticket, and every payment was answered. */
function expectSound({ books, bankPaise }: RealRushResult): void {
  const kept = books.reduce((sum, { keptPaise }) => sum + keptPaise, 0);
  expect(bankPaise).toBe(kept);
  for (const { tickets, paid, orders, held } of books) {
    expect([orders, held]).toEqual([0, 0]);
    expect(paid).toBe(tickets);
  }
}

describe("the rush on real processes", () => {
  it(
    "over three shards with gates: all who come are served, their tickets paid for",
    async () => {
      const result = await realRush({ perSecond: [100, 100], trains: 12, patienceMs: 8_000 });
      const { came, times, gaveUp, unclaimed, books } = result;
      expect(came).toBeGreaterThan(100);
      expect([times.length, gaveUp, unclaimed]).toEqual([came, 0, 0]);
      expect(books.map(({ tickets }) => tickets > 0)).toEqual([true, true, true]);
      expect(books.reduce((sum, { tickets }) => sum + tickets, 0)).toBe(came);
      expectSound(result);
    },
    minute,
  );

  it(
    "a gate that lets in one at a time refuses, and its queue stays short",
    async () => {
      const gate = { window: 1, maxQueue: 2 };
      const result = await realRush({ ...{ shards: 1, trains: 3, gate }, perSecond: [800] });
      expect(result.refused).toBeGreaterThan(50);
      expect(Math.max(...result.looks.map(({ queue }) => queue))).toBeLessThanOrEqual(2);
      expectSound(result);
    },
    minute,
  );

  it(
    "a machine dies, with a leader on it: the others go on, and no rupee is lost",
    async () => {
      const kill = { machine: 0, atMs: 1_000 };
      const crowd = { perSecond: [60, 60, 60], patienceMs: 6_000 };
      const result = await realRush({ ...crowd, shards: 2, trains: 12, kill });
      const { came, times, books } = result;
      expect(times.length).toBeGreaterThan(0.9 * came);
      expect(books).toHaveLength(2);
      expectSound(result);
    },
    2 * minute,
  );

  it("says which option is wrong", async () => {
    await expect(realRush({ perSecond: [1], shards: 0 })).rejects.toThrow("shards");
    await expect(realRush({ perSecond: [1], trains: 0 })).rejects.toThrow("trains");
    await expect(realRush({ perSecond: [] })).rejects.toThrow("the seconds of perSecond");
    await expect(realRush({ perSecond: [NaN] })).rejects.toThrow("perSecond must be from 0");
    const kill = { machine: 7, atMs: 1 };
    await expect(realRush({ perSecond: [1], kill })).rejects.toThrow("kill.machine");
  });
});
