/** Page views through three levels of caches, held against simpler models and known formulas. */
import { Lru } from "dabbawala/caching";
import { QueueingDatabase } from "dabbawala/dist/scenarios/flipkart/catalogue/database";
import { defaults } from "dabbawala/dist/scenarios/flipkart/catalogue/options";
import { RequestStream } from "dabbawala/dist/scenarios/flipkart/catalogue/requests";
import { bytesOf } from "dabbawala/dist/scenarios/flipkart/catalogue/simulate";
import { catalogueCost, simulateCatalogue } from "dabbawala/scenarios/flipkart";
import { tierCurves, ttlHitShare } from "dabbawala/scenarios/flipkart";
import type { CatalogueOptions, CatalogueRun } from "dabbawala/scenarios/flipkart";
import { describe, expect, it } from "vitest";

const small: Partial<CatalogueOptions> = {
  ...{ seed: 3, products: 20_000, viewsPerSecond: 20, usualMs: 400_000, saleMs: 40_000, spike: 20 },
  ...{ deals: 100, dealsEveryMs: 15_000, cities: ["Mumbai"], processesPerCity: 3 },
  process: { bytes: 1e9, ttlMs: 20_000 },
  region: { bytes: 1e9, ttlMs: 60_000 },
  global: { bytes: 1e9, ttlMs: 150_000 },
};
const atOnce: Partial<CatalogueOptions> = {
  ...small,
  ...{ processMs: 0, regionMs: 0 },
  database: { workers: 1, serviceMs: 0, sigma: 0, longestWaitMs: 0 },
};
const streamOf = (options: Partial<CatalogueOptions>): RequestStream =>
  new RequestStream({ ...defaults, ...options });
const all = (run: CatalogueRun): ReturnType<CatalogueRun["between"]> => run.between(0, Infinity);

/** Without delays, the levels are three tables of ends and versions. */
function counts(options: Partial<CatalogueOptions>): Record<string, number> {
  const [stream, levels] = [streamOf(options), ["process", "region", "global"] as const];
  const tables = new Map<string, { untilMs: number; version: number }>();
  const versions = new Map<number, number>();
  const found: Record<string, number> = { views: 0, stale: 0, database: 0 };
  for (let next = stream.next(); next; next = stream.next()) {
    const { product, process, atMs, isOrder } = next;
    const places = [`process${process} ${product}`, `region ${product}`, `global ${product}`];
    const now = versions.get(product) ?? 0;
    if (isOrder) {
      versions.set(product, now + 1);
      for (const place of places) tables.delete(place);
      continue;
    }
    const level = places.findIndex((place) => (tables.get(place)?.untilMs ?? 0) > atMs);
    const name = level < 0 ? "database" : levels[level];
    const version = level < 0 ? now : (tables.get(places[level]) as { version: number }).version;
    for (let i = 0; i < (level < 0 ? 3 : level); i++) {
      const { ttlMs } = options[levels[i]] as { ttlMs: number };
      tables.set(places[i], { untilMs: atMs + ttlMs, version });
    }
    found.views++;
    found[name] = (found[name] ?? 0) + 1;
    if (version < now) found.stale++;
  }
  return found;
}

describe("the levels", () => {
  it("without delays, hit, miss and grow stale as three plain tables do", () => {
    const found = counts(atOnce);
    const { views, shares, staleShare } = all(simulateCatalogue(atOnce));
    expect(views).toBe(found.views);
    expect(found.stale).toBeGreaterThan(100);
    expect(Math.round(staleShare * views)).toBe(found.stale);
    for (const name of ["process", "region", "global", "database"] as const) {
      expect([name, Math.round(shares[name] * views)]).toEqual([name, found[name]]);
      expect(found[name]).toBeGreaterThan(500);
    }
  });

  it("a small cache hits what its policy hits alone", () => {
    const process = { bytes: 400_000, ttlMs: 1e9 };
    const options = { ...atOnce, process, processesPerCity: 1, orderShare: 0 };
    const cache = new Lru<number, true>({ capacity: process.bytes });
    let hits = 0;
    const stream = streamOf(options);
    for (let next = stream.next(); next; next = stream.next()) {
      if (cache.get(next.product)) hits++;
      else cache.set(next.product, true, bytesOf(next.product, defaults.pageBytes));
    }
    const run = simulateCatalogue(options);
    expect(Math.round(all(run).shares.process * all(run).views)).toBe(hits);
    expect(run.held.process).toEqual({ pages: cache.size, bytes: cache.weight });
    expect(cache.weight).toBeGreaterThan(0.9 * process.bytes);
  });

  it("a view takes the round trips of its way, and each has one outcome", () => {
    const database = { workers: 10_000, serviceMs: 200, sigma: 0, longestWaitMs: 0 };
    const run = simulateCatalogue({ ...small, database });
    const { shares, meanMs, p50Ms, p99Ms, views } = all(run);
    const byHand = { process: 0.05, region: 1.05, global: 2.05, database: 203.05 };
    const names = Object.keys(byHand) as (keyof typeof byHand)[];
    expect(meanMs).toBeCloseTo(
      names.reduce((sum, name) => sum + shares[name] * byHand[name], 0),
      6,
    );
    expect([p50Ms / 0.05, p99Ms / 203.05].every((part) => Math.abs(part - 1) < 0.01)).toBe(true);
    expect(Object.values(shares).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
    expect(run.series.reduce((sum, row) => sum + row.views, 0)).toBe(views);
  });

  it("Kolkata is farther from the database than Mumbai", () => {
    const one = (city: "Kolkata" | "Mumbai"): number =>
      all(simulateCatalogue({ ...small, cities: ["Mumbai", city], processesPerCity: 1 })).meanMs;
    expect(one("Kolkata")).toBeGreaterThan(one("Mumbai") + 3);
  });

  it("the same seed is the same run; another is another", () => {
    const run = (seed: number): unknown => all(simulateCatalogue({ ...small, seed }));
    expect(run(5)).toEqual(run(5));
    expect(run(5)).not.toEqual(run(6));
  });
});

describe("orders and fetches", () => {
  it("deletes everywhere leave nothing stale but what is under way", () => {
    const stale = (invalidation: CatalogueOptions["invalidation"]): number =>
      all(simulateCatalogue({ ...small, invalidation })).staleShare;
    expect(all(simulateCatalogue({ ...atOnce, invalidation: "everywhere" })).staleShare).toBe(0);
    const [none, ownWay, everywhere] = [stale("none"), stale("own-way"), stale("everywhere")];
    expect([none > ownWay, ownWay > 20 * everywhere, everywhere > 0]).toEqual([true, true, true]);
  });

  it("one fetch for all who wait asks the database less, and answers as many", () => {
    const database = { workers: 400, serviceMs: 400, sigma: 0.5, longestWaitMs: 2_000 };
    const run = (coalescing: CatalogueOptions["coalescing"]): ReturnType<typeof all> =>
      all(simulateCatalogue({ ...small, database, coalescing }));
    const [none, process, region] = [run("none"), run("process"), run("region")];
    expect([none.shares.shared, none.views]).toEqual([0, region.views]);
    expect(process.shares.shared).toBeGreaterThan(0.001);
    expect(process.databasePerSecond).toBeLessThan(none.databasePerSecond);
    expect(region.databasePerSecond).toBeLessThan(process.databasePerSecond);
    expect(region.shares.refused).toBe(0);
  });

  it("a database that is too small refuses, and its load says so", () => {
    const database = { workers: 4, serviceMs: 200, sigma: 0.5, longestWaitMs: 500 };
    const run = simulateCatalogue({ ...small, database });
    const sale = run.between(400_000, 410_000);
    expect(sale.databaseLoad).toBeGreaterThan(1);
    expect(sale.shares.refused).toBeGreaterThan(0.1);
    expect(sale.shares.database * sale.views).toBeLessThan((4 / 0.2) * 13);
  });
});

describe("the database", () => {
  it("one worker makes wait as Pollaczek and Khinchine say", () => {
    for (const sigma of [0, 0.5]) {
      const options = { workers: 1, serviceMs: 100, sigma, longestWaitMs: 1e9 };
      const [database, arrivals] = [new QueueingDatabase(options, 7), streamOf({ usualMs: 0 })];
      let [waitedMs, count, nowMs, lastMs] = [0, 0, 0, 0];
      for (let next = arrivals.next(); next && count < 300_000; next = arrivals.next(), count++) {
        // The stream's gaps, stretched to a load of 0.6.
        nowMs += ((next.atMs - lastMs) * 5_800 * 100) / 1_000 / 0.6;
        lastMs = next.atMs;
        const done = database.accept(nowMs);
        if (done.kind === "accepted") waitedMs += done.doneAtMs - done.serviceMs - nowMs;
      }
      const formula = (0.6 * 100 * Math.exp(sigma ** 2)) / (2 * (1 - 0.6));
      expect(Math.abs(waitedMs / count / formula - 1)).toBeLessThan(0.05);
    }
  });

  it("refuses only who would wait too long", () => {
    const database = new QueueingDatabase(
      { workers: 2, serviceMs: 100, sigma: 0, longestWaitMs: 100 },
      1,
    );
    const ends = [0, 0, 0, 0, 0, 1].map((atMs) => database.accept(atMs));
    const ms = ends.map((end) => (end.kind === "accepted" ? end.doneAtMs : end.kind));
    expect(ms).toEqual([100, 100, 200, 200, "refused", "refused"]);
    expect(database.accept(101).kind).toBe("accepted");
  });
});

describe("formulas and curves", () => {
  it("the bound by lifetimes is the plain sum over all products", () => {
    const [products, expected] = [30_000, 5 * 60];
    const ranks = Array.from({ length: products }, (_, i) => (i + 1) ** -0.8);
    const whole = ranks.reduce((sum, weight) => sum + weight, 0);
    const hits = ranks.reduce((sum, weight) => {
      const part = weight / whole;
      return sum + (part * part * expected) / (1 + part * expected);
    }, 0);
    const options = { products, exponent: 0.8, perSecond: 5, ttlMs: 60_000 };
    expect(ttlHitShare(options)).toBeCloseTo(hits, 4);
  });

  it("the simulation lies between the bounds of the last lifetime and of all together", () => {
    const options = { ...small, saleMs: 0, usualMs: 1_200_000, orderShare: 0 };
    const { hitShare } = simulateCatalogue(options).between(300_000, 1_200_000);
    const bound = (ttlMs: number): number =>
      ttlHitShare({ products: 20_000, perSecond: 20, ttlMs });
    expect(hitShare).toBeGreaterThan(bound(150_000) - 0.01);
    expect(hitShare).toBeLessThan(bound(230_000) + 0.01);
  });

  it("the curves of the levels are LRU after LRU", () => {
    const sizes = [10, 100, 1_000];
    const shop = { ...small, orderShare: 0, usualMs: 100_000 };
    const { rows, firstViews } = tierCurves({ ...shop, sizes, processPages: 50, regionPages: 200 });
    const lru = (capacity: number): Lru<number, true> => new Lru({ capacity });
    const asks = (cache: Lru<number, true>, key: number): boolean =>
      cache.get(key) !== undefined || !cache.set(key, true);
    sizes.forEach((size, i) => {
      const last = {
        process: [0, 1, 2].map(() => lru(size)),
        region: lru(size),
        global: lru(size),
      };
      const before = { process: [0, 1, 2].map(() => lru(50)), region: lru(200) };
      const [hits, known, stream] = [[0, 0, 0, 0], new Set<number>(), streamOf(shop)];
      for (let next = stream.next(); next; next = stream.next(), hits[3]++) {
        known.add(next.product);
        if (asks(last.process[next.process], next.product)) hits[0]++;
        if (asks(before.process[next.process], next.product)) continue;
        if (asks(last.region, next.product)) hits[1]++;
        if (asks(before.region, next.product)) continue;
        if (asks(last.global, next.product)) hits[2]++;
      }
      const { process, region, global } = rows[i];
      expect([process, region, global]).toEqual(hits.slice(0, 3).map((count) => count / hits[3]));
      expect(firstViews).toBe(known.size / hits[3]);
    });
  });

  it("cost by hand", () => {
    const use = { databasePerSecond: 70, requestsPerSecond: 7_000, serviceMs: 200 };
    const cost = catalogueCost({ ...use, cacheBytes: 300e9 });
    expect(cost).toEqual({
      caches: 300,
      database: 100,
      databaseWithoutCaches: 10_000,
      saved: 9_600,
    });
    expect(() => catalogueCost({ ...use, cacheBytes: 0 }, { targetLoad: 0 })).toThrow(RangeError);
  });

  it("tells how far it is, and can be broken off", () => {
    const told: number[][] = [];
    simulateCatalogue(small, { onProgress: (...state) => told.push(state) });
    expect(told.at(-1)).toEqual([440_000, 440_000]);
    const signal = AbortSignal.abort(new Error("enough"));
    expect(() => simulateCatalogue(small, { signal })).toThrow("enough");
  });

  it("names an option that is out of range", () => {
    expect(() => simulateCatalogue({ products: 0 })).toThrow(/^products must be from 1/);
    expect(() => simulateCatalogue({ dealShare: 2 })).toThrow(/^dealShare must be from 0 to 1/);
    expect(() => simulateCatalogue({ process: { bytes: 1e9, ttlMs: 0 } })).toThrow(/^ttlMs must/);
  });
});
