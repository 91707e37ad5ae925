/** What the simulated shop is like; defaults are the episode's figures where it has them. */
import { inRange, wholeInRange } from "../../../basics";
import type { City } from "../../../hosts";

/** One level of caches. */
export interface TierOptions {
  /** Memory of each cache of this level, in bytes, for pages alone. */
  readonly bytes: number;
  /** How long a page is kept from the moment it is put in, in milliseconds; above 0. */
  readonly ttlMs: number;
}

export interface DatabaseOptions {
  /** Requests that are worked on at once, over all shards. Default 400: 100 shards of four. */
  readonly workers: number;
  /** Mean time of one request without waiting, in milliseconds. Default 200. */
  readonly serviceMs: number;
  /** Spread of that time: standard deviation of its logarithm; 0: always the same. Default 0.5. */
  readonly sigma: number;
  /** What would wait longer for a worker is refused at once, in milliseconds. Default 2,000. */
  readonly longestWaitMs: number;
}

export interface CatalogueOptions {
  readonly seed: number;
  /** Default 100,000,000. */
  readonly products: number;
  /** Zipf's exponent of the popularity of products. Default 0.99; from 0 to 4. */
  readonly exponent: number;
  /** Page views a second on a usual day, over all. Default 116: 10 million a day. */
  readonly viewsPerSecond: number;
  /** Usual traffic before the sale begins, in milliseconds. Default an hour. */
  readonly usualMs: number;
  /** Length of the sale, in milliseconds; 0: none. Default ten minutes. */
  readonly saleMs: number;
  /** How many times as many views there are during the sale. Default 50. */
  readonly spike: number;
  /** Products on offer at a time during the sale, new ones, by Zipf's law too. Default 5,000. */
  readonly deals: number;
  /** The part of the sale's views that go to them, 0 to 1. Default 0.5. */
  readonly dealShare: number;
  /** After so many milliseconds other products are on offer. Default five minutes. */
  readonly dealsEveryMs: number;
  /** Requests that are orders, 0 to 1: each changes the stock of a product. Default 0.02. */
  readonly orderShare: number;
  /** Each has a region's cache and an equal part of the views; the first has the rest too. */
  readonly cities: readonly City[];
  /** Application processes in each city, each with a cache of its own. Default 8. */
  readonly processesPerCity: number;
  readonly process: TierOptions;
  readonly region: TierOptions;
  /** In the first city, beside the database. */
  readonly global: TierOptions;
  /** Mean size of a page, in bytes; from 1,000. Default 4,000. */
  readonly pageBytes: number;
  /** Time of a lookup within the process, in milliseconds. Default 0.05. */
  readonly processMs: number;
  /** Round trip to a cache in the same city, in milliseconds. Default 1. */
  readonly regionMs: number;
  readonly database: DatabaseOptions;
  /** Among whom only one fetches a page while the others wait for it. Default none. */
  readonly coalescing: "none" | "process" | "region";
  /**
   * What an order deletes: nothing, what lies on its own way to the database (as in the episode),
   * or the page in every cache. Default "own-way".
   */
  readonly invalidation: "none" | "own-way" | "everywhere";
  /** Length of a row of the series, in milliseconds. Default 10,000. */
  readonly rowMs: number;
}

export const defaults: CatalogueOptions = {
  seed: 1,
  products: 100_000_000,
  exponent: 0.99,
  viewsPerSecond: 116,
  usualMs: 3_600_000,
  saleMs: 600_000,
  spike: 50,
  deals: 5_000,
  dealShare: 0.5,
  dealsEveryMs: 300_000,
  orderShare: 0.02,
  cities: ["Mumbai", "Bengaluru", "Delhi", "Kolkata"],
  processesPerCity: 8,
  process: { bytes: 512e6, ttlMs: 300_000 },
  region: { bytes: 64e9, ttlMs: 1_800_000 },
  global: { bytes: 256e9, ttlMs: 3_600_000 },
  pageBytes: 4_000,
  processMs: 0.05,
  regionMs: 1,
  database: { workers: 400, serviceMs: 200, sigma: 0.5, longestWaitMs: 2_000 },
  coalescing: "none",
  invalidation: "own-way",
  rowMs: 10_000,
};

/** With defaults, checked; a RangeError names what is out of range. */
export function catalogueOptions(given: Partial<CatalogueOptions>): CatalogueOptions {
  const options = { ...defaults, ...given };
  const day = 86_400_000;
  wholeInRange("products", options.products, { min: 1, max: 2 ** 30 });
  wholeInRange("deals", options.deals, { min: 1, max: 2 ** 20 });
  wholeInRange("processesPerCity", options.processesPerCity, { min: 1, max: 1_000 });
  wholeInRange("number of cities", options.cities.length, { min: 1, max: 18 });
  wholeInRange("database.workers", options.database.workers, { min: 1, max: 1_000_000 });
  inRange("viewsPerSecond", options.viewsPerSecond, { min: 0.001, max: 1e6 });
  inRange("spike", options.spike, { min: 0.001, max: 1e6 });
  inRange("usualMs", options.usualMs, { min: 0, max: day });
  inRange("saleMs", options.saleMs, { min: 0, max: day });
  inRange("dealsEveryMs", options.dealsEveryMs, { min: 1_000, max: day });
  inRange("rowMs", options.rowMs, { min: 100, max: day });
  inRange("pageBytes", options.pageBytes, { min: 1_000, max: 1e6 });
  for (const name of ["processMs", "regionMs"] as const) {
    inRange(name, options[name], { min: 0, max: 10_000 });
  }
  for (const name of ["dealShare", "orderShare"] as const) {
    inRange(name, options[name], { min: 0, max: 1 });
  }
  const { serviceMs, sigma, longestWaitMs } = options.database;
  inRange("database.serviceMs", serviceMs, { min: 0, max: day });
  inRange("database.sigma", sigma, { min: 0, max: 3 });
  inRange("database.longestWaitMs", longestWaitMs, { min: 0, max: day });
  return options;
}
