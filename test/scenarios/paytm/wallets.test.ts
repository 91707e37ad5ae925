import { describe, expect, it } from "vitest";
import { balancesOf, mergeLedgers, moveWallets, simulateWallets } from "dabbawala/scenarios/paytm";
import type { WalletKind } from "dabbawala/scenarios/paytm";

const seeds = Array.from({ length: 12 }, (_, i) => i + 1);
const all = (kind: WalletKind, hasFaults: boolean) =>
  seeds.map((seed) => simulateWallets({ kind, seed, hasFaults }));

describe("last-write-wins money", () => {
  it("is lost and made out of nothing, without a single fault", () => {
    const results = all("lastWriteWins", false);
    const wrong = results.filter(({ lostRupees }) => lostRupees !== 0);
    expect(wrong.length).toBeGreaterThan(seeds.length / 2);
    expect(results.some(({ lostRupees }) => lostRupees > 0)).toBe(true);
    expect(results.some(({ lostRupees }) => lostRupees < 0)).toBe(true);
  });

  it("is right with one client alone, so the fault is in the concurrency", () => {
    for (const seed of [1, 2, 3]) {
      expect(simulateWallets({ kind: "lastWriteWins", seed, clients: 1 }).lostRupees).toBe(0);
    }
  });
});

describe.each(["escrow", "compareAndSet"] as const)("%s", (kind) => {
  it.each([false, true])("keeps every rupee; with faults: %s", (hasFaults) => {
    const results = all(kind, hasFaults);
    for (const { lostRupees, overdrawn, missing, outcomes } of results) {
      expect({ lostRupees, overdrawn, missing }).toEqual({
        lostRupees: 0,
        overdrawn: 0,
        missing: 0,
      });
      expect(outcomes.done).toBeGreaterThan(20);
    }
    if (hasFaults && kind === "compareAndSet") {
      expect(results.some(({ outcomes }) => outcomes.unknown > 0)).toBe(true);
    }
  });
});

describe("ledgers", () => {
  it("merge to the union, and no transfer counts twice", () => {
    const a = { id: "c1-1", from: "x", to: "y", rupees: 5 };
    const b = { id: "c1-2", from: "y", to: "x", rupees: 2 };
    expect(mergeLedgers([[a], [a, b], []])).toEqual([a, b]);
    expect(balancesOf({ x: 10, y: 10 }, [a, b])).toEqual({ x: 7, y: 13 });
  });
});

describe("wallets on a ring that changes", () => {
  const rows = moveWallets();

  it("keeps 6,000 of 6,000 copies and Rs 20 lakh of 20 lakh through every change", () => {
    expect(rows.map(({ after }) => after)).toHaveLength(4);
    for (const row of rows) {
      expect(row.copies).toBe(6_000);
      expect(row.wantedCopies).toBe(6_000);
      expect(row.rupees).toBe(20_00_000);
      expect(row.wantedRupees).toBe(20_00_000);
    }
    expect(rows.map(({ nodes }) => nodes)).toEqual([5, 6, 5, 5]);
  });

  it("moves a node's share of the copies and no more, each sent by two owners", () => {
    for (const { nodes, copiesMoved, copiesSent } of rows.slice(1)) {
      expect(copiesMoved).toBeGreaterThan(0);
      expect(copiesMoved).toBeLessThan((1.6 * 6_000) / nodes);
      expect(copiesSent).toBeGreaterThanOrEqual(2 * copiesMoved);
      expect(copiesSent).toBeLessThanOrEqual(2.2 * copiesMoved);
    }
  });

  it("names a wrong option", () => {
    expect(() => moveWallets({ wallets: 0 })).toThrow("wallets");
    expect(() => simulateWallets({ kind: "escrow", seed: 1, clients: 0 })).toThrow("clients");
  });
});
