/** A deal that everybody wants, and whose row ends: what each protection makes of it. */
import { beforeAll, describe, expect, it } from "vitest";
import { CacheCluster, simulateCache } from "dabbawala/caching";
import type { CacheSimulation, CacheSimulationOptions } from "dabbawala/caching";

/** Every second the one row ends, which takes 100 ms to load; 64 loads at once at most. */
function deal(changes: CacheSimulationOptions): CacheSimulation {
  return simulateCache({
    ...{ seed: 4, clients: 8, ratePerSecond: 500, forMs: 6_000, keys: 1 },
    deal: { fromMs: 0, untilMs: 6_000, share: 1 },
    database: { readMs: 100, workers: 64, maxQueue: 100_000 },
    ...changes,
    options: { ttlMs: 1_000, ...changes.options },
    client: { isCoalescing: false, ...changes.client },
  });
}

describe("the end of a row that 500 a second ask for", () => {
  const runs = new Map<string, CacheSimulation>();

  beforeAll(() => {
    const anybody = { refills: "any" } as const;
    runs.set("none", deal({ options: anybody }));
    runs.set("coalesced", deal({ options: anybody, client: { isCoalescing: true } }));
    runs.set("leases", deal({ options: { refills: "leases" } }));
    runs.set("early", deal({ options: { ...anybody, earlyBeta: 1 } }));
    runs.set("stale", deal({ options: { refills: "leases", staleMs: 500 } }));
    runs.set("early and leases", deal({ options: { refills: "leases", earlyBeta: 1 } }));
  }, 60_000);

  const loads = (name: string): number => runs.get(name)!.counts["load"]!;

  it("unprotected, each end is a load for every request of the 100 ms", () => {
    expect(loads("none")).toBeGreaterThan(5 * 35);
  });

  it("coalesced, each end is a load a client", () => {
    expect(loads("coalesced")).toBeGreaterThanOrEqual(5 * 4);
    expect(loads("coalesced")).toBeLessThanOrEqual(6 * 8);
  });

  it("with leases, each end is one load, and the rest wait for it", () => {
    expect(loads("leases")).toBeLessThanOrEqual(6);
    expect(runs.get("leases")!.counts["wait"]).toBeGreaterThan(1_000);
    expect(runs.get("leases")!.total.p99Ms).toBeGreaterThan(50);
  });

  it("early, after the first load nobody waits, at some loads more than one", () => {
    const after = runs.get("early")!.series.slice(1, 6);
    const rest = runs.get("none")!.series.slice(1, 6);
    const sum = (rows: typeof after) => rows.reduce((total, row) => total + row.loadsPerSecond, 0);
    expect(sum(after)).toBeLessThan(0.5 * sum(rest));
    expect(sum(after)).toBeGreaterThan(5);
    for (const row of after) expect(row.p99Ms).toBeLessThan(5);
  });

  it("early with leases, one load an end and nobody waits", () => {
    const after = runs.get("early and leases")!.series.slice(1, 6);
    for (const row of after) expect(row.p99Ms).toBeLessThan(5);
    expect(loads("early and leases")).toBeLessThanOrEqual(12);
  });

  it("stale while revalidate, one load an end and nobody waits", () => {
    const after = runs.get("stale")!.series.slice(1, 6);
    for (const row of after) expect(row.p99Ms).toBeLessThan(5);
    expect(loads("stale")).toBeLessThanOrEqual(6);
    expect(runs.get("stale")!.counts["stale"]).toBeGreaterThan(100);
  });
});

describe("single flight", () => {
  it.each([1, 10, 200])("%d reads that miss at once are one load", (readers) => {
    const counts = new Map<string, number>();
    const cluster = new CacheCluster({
      clients: 1,
      options: { refills: "any" },
      database: { readMs: 50, isFull: true },
      onNote: ({ label }) => counts.set(label, (counts.get(label) ?? 0) + 1),
    });
    for (let i = 0; i < readers; i++) cluster.submit("c1", { op: "read", key: "deal" });
    cluster.run(500);
    expect(counts.get("load")).toBe(1);
    expect(counts.get("ok")).toBe(readers);
  });

  it("with leases also those of twenty clients", () => {
    const counts = new Map<string, number>();
    const cluster = new CacheCluster({
      clients: 20,
      database: { readMs: 50, isFull: true },
      onNote: ({ label }) => counts.set(label, (counts.get(label) ?? 0) + 1),
    });
    for (const client of cluster.clients) cluster.submit(client, { op: "read", key: "deal" });
    cluster.run(500);
    expect(counts.get("load")).toBe(1);
    expect(counts.get("ok")).toBe(20);
  });
});

describe("what does not exist", () => {
  const usual = { keys: 50, forMs: 3_000, ratePerSecond: 500, absentShare: 0.5 };
  const loads = (negativeTtlMs: number): number =>
    simulateCache({ ...usual, options: { negativeTtlMs } }).counts["load"]!;

  it("is asked of the database each time, unless the cache remembers that it is not there", () => {
    expect(loads(0)).toBeGreaterThan(3 * loads(5_000));
  });
});

describe("a hot key", () => {
  const hot = (hotReplicas: number) =>
    simulateCache({
      ...{ servers: 6, keys: 2_000, ratePerSecond: 1_500, forMs: 5_000 },
      deal: { fromMs: 500, untilMs: 5_000, share: 0.8 },
      server: { serviceMs: 0.8, hotWindow: 200 },
      // Patient clients: nobody goes to the database because a server is slow.
      client: { replyMs: 5_000, isCoalescing: false },
      options: { hotReplicas },
    });

  it("is found, and its reads are spread over its replicas", () => {
    const [one, three] = [hot(1), hot(3)];
    const busiest = ({ gets }: CacheSimulation): number => Math.max(...Object.values(gets));
    expect(three.counts["hotKey"]).toBeGreaterThan(0);
    expect(busiest(three)).toBeLessThan(0.6 * busiest(one));
    expect(three.total.p99Ms).toBeLessThan(0.2 * one.total.p99Ms);
  });
});
