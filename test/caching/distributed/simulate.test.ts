/** What a workload over the cache tells, options against options. */
import { describe, expect, it } from "vitest";
import { simulateCache } from "dabbawala/caching";
import type { CacheSimulationOptions } from "dabbawala/caching";
import { at, crash, restart } from "dabbawala/hosts";

const usual: CacheSimulationOptions = {
  ratePerSecond: 1_000,
  forMs: 5_000,
  keys: 500,
  writesShare: 0.05,
};

describe("a workload", () => {
  it("is answered, mostly by the cache, and its load at the database is counted", () => {
    const { total, series, counts, gets } = simulateCache(usual);
    expect(total.failed).toBe(0);
    const answered = series.reduce((sum, { reads, writes }) => sum + reads + writes, 0);
    expect(answered).toBe(counts["invoke"]);
    expect(total.hitRatio).toBeGreaterThan(0.6);
    expect(total.staleReads).toBe(0);
    const loads = series.reduce((sum, { loadsPerSecond }) => sum + loadsPerSecond, 0);
    expect(Math.round(loads)).toBe(counts["load"]);
    expect(Object.keys(gets)).toEqual(["n1", "n2", "n3"]);
  });

  it("is the same again with the same options, and has the same requests with others", () => {
    const [first, again, other] = [
      usual,
      usual,
      { ...usual, options: { refills: "any" as const } },
    ].map((options) => simulateCache(options));
    expect(again?.series).toEqual(first?.series);
    expect(other?.counts["invoke"]).toBe(first?.counts["invoke"]);
  });

  it("has stale reads where old rows may be put back, and none with leases or versions", () => {
    const busy = { ...usual, keys: 50, writesShare: 0.2, forMs: 10_000 };
    const stale = (refills: "any" | "leases" | "versions"): number =>
      simulateCache({ ...busy, options: { refills } }).total.staleReads;
    expect(stale("any")).toBeGreaterThan(0);
    expect([stale("leases"), stale("versions")]).toEqual([0, 0]);
  });
});

describe("a server that crashes", () => {
  const crashed = (writes: "through" | "back", isBack = true) =>
    simulateCache({
      ...{ ...usual, writesShare: 0.3, forMs: 3_000, options: { writes } },
      server: { flushMs: 500 },
      faults: [at(1_400, crash(["n1"])), ...(isBack ? [at(1_800, restart(["n1"]))] : [])],
    });

  it("takes what was not written back with it, whether it comes back or not", () => {
    const [comesBack, staysAway] = [crashed("back"), crashed("back", false)];
    expect(comesBack.lostRows).toBeGreaterThan(5);
    expect(staysAway.lostRows).toBe(comesBack.lostRows);
    expect(comesBack.total.staleReads).toBeGreaterThan(0);
  });

  it("loses nothing that was written through, for which each write waited", () => {
    const [through, back] = [crashed("through"), crashed("back")];
    expect([through.lostRows, through.total.staleReads]).toEqual([0, 0]);
    expect(through.total.writeP50Ms).toBeGreaterThan(5 * back.total.writeP50Ms);
    // Rows that are written again before they are stored are stored once.
    expect(through.total.storesPerSecond).toBeGreaterThan(1.5 * back.total.storesPerSecond);
  });
});

describe("options that are wrong", () => {
  it.each([
    [{ keys: 0 }, /keys must be from 1/],
    [{ ratePerSecond: 0 }, /ratePerSecond must be/],
    [{ everyMs: 0 }, /everyMs must be/],
    [{ options: { ttlMs: 0 } }, /ttlMs must be/],
    [{ options: { writes: "through", hotReplicas: 2 } }, /goes with no gutters/],
    [{ writeShare: 0.1 } as object, /simulateCache has no option "writeShare"/],
    [{ server: { speed: 2 } as object }, /a cache server has no option "speed"/],
    [{ client: { patience: 2 } as object }, /a cache client has no option "patience"/],
  ] as const)("%o: says what", (options, message) => {
    expect(() => simulateCache(options as CacheSimulationOptions)).toThrow(message);
  });
});
