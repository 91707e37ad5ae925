/** What caches and database cost an hour, and what the database would cost without caches. */
import { inRange } from "../../../basics";

/** Assumptions, not quotations: a machine rented by the hour in Mumbai, roughly. */
export interface CataloguePrices {
  /** Rupees for a gigabyte (10^9 bytes) of cache an hour. Default 1. */
  readonly rupeesPerGbHour: number;
  /** Rupees for a worker of the database an hour. Default 5. */
  readonly rupeesPerWorkerHour: number;
  /** How busy the database may be, so that queues stay short; above 0, to 1. Default 0.7. */
  readonly targetLoad: number;
}

export interface CatalogueUse {
  /** Requests at the database, a second, with the caches. */
  readonly databasePerSecond: number;
  /** All requests, a second: what the database would have to do without caches. */
  readonly requestsPerSecond: number;
  /** Mean time of a request at the database, in milliseconds. */
  readonly serviceMs: number;
  /** Memory of all caches that is paid for. */
  readonly cacheBytes: number;
}

/** Rupees an hour. */
export interface CatalogueCost {
  readonly caches: number;
  readonly database: number;
  readonly databaseWithoutCaches: number;
  /** What the caches save; below 0 where they cost more than they save. */
  readonly saved: number;
}

export function catalogueCost(
  use: CatalogueUse,
  prices: Partial<CataloguePrices> = {},
): CatalogueCost {
  const { rupeesPerGbHour = 1, rupeesPerWorkerHour = 5, targetLoad = 0.7 } = prices;
  inRange("targetLoad", targetLoad, { min: 0.01, max: 1 });
  const databaseFor = (perSecond: number): number =>
    Math.ceil((perSecond * use.serviceMs) / (1_000 * targetLoad)) * rupeesPerWorkerHour;
  const caches = (use.cacheBytes / 1e9) * rupeesPerGbHour;
  const database = databaseFor(use.databasePerSecond);
  const databaseWithoutCaches = databaseFor(use.requestsPerSecond);
  return {
    caches,
    database,
    databaseWithoutCaches,
    saved: databaseWithoutCaches - database - caches,
  };
}
