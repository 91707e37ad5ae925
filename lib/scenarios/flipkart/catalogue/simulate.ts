/**
 * A shop's product pages behind three levels of caches, event by event: real caches with their real
 * contents, one database that can be overrun, and a sale.
 *
 * Source: the levels, lifetimes and what an order deletes are the episode's class
 * FlipkartDistributedCache: whoever misses asks the next level itself, then fills those it passed.
 * Assumes: a page is looked for at the end of its round trip, and put in all levels at the moment
 * the process has it; round trips between cities are constant, by distance; caches never fail and
 * are never too busy; the caches are LRU with an end, weighed in bytes.
 * Guarantees: the same options, the same run. Every view has exactly one outcome.
 * Cost: about a microsecond a view that hits; memory of some 150 bytes a page in a cache.
 */
import { avalanche32, Heap } from "../../../basics";
import { TtlCache } from "../../../caching";
import { betweenCities } from "../../../hosts";
import type { City } from "../../../hosts";
import { QueueingDatabase } from "./database";
import { Measures } from "./measures";
import type { CatalogueSummary, Outcome } from "./measures";
import { catalogueOptions } from "./options";
import type { CatalogueOptions, TierOptions } from "./options";
import { RequestStream } from "./requests";
import type { Request } from "./requests";

export interface CatalogueRun {
  readonly options: CatalogueOptions;
  /** One after another, `rowMs` each. */
  readonly series: readonly CatalogueSummary[];
  /** The rows of a part of the time together: milliseconds since the beginning. */
  between(fromMs: number, untilMs: number): CatalogueSummary;
  /** Pages that each level's caches hold at the end, and their bytes. */
  readonly held: Readonly<
    Record<"process" | "region" | "global", { pages: number; bytes: number }>
  >;
}

export interface CatalogueWatch {
  /** Told of the milliseconds of the shop that are over, and of how many there are. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Breaks the run off with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** So many requests between two looks at the watch. */
const requestsALook = 65_536;

/** The version of a product that a page shows. */
type Page = { readonly version: number };
type Pages = TtlCache<number, Page>;

interface View extends Request {
  /** The fetch that it leads, if others may wait for it. */
  fetch?: number;
}

interface Step {
  readonly atMs: number;
  readonly order: number;
  readonly act: () => void;
}

/** Simulates; the options' units and defaults are in `CatalogueOptions`. */
export function simulateCatalogue(
  given: Partial<CatalogueOptions> = {},
  watch: CatalogueWatch = {},
): CatalogueRun {
  const shop = new Shop(catalogueOptions(given));
  shop.run(watch);
  return shop.result();
}

class Shop {
  private readonly processes: readonly Pages[];
  private readonly regions: readonly Pages[];
  private readonly global: Pages;
  private readonly database: QueueingDatabase;
  private readonly measures: Measures;
  /** Round trips from each city to the first one. */
  private readonly globalMs: readonly number[];
  /** How often each product was ordered. */
  private readonly versions = new Map<number, number>();
  /** Who waits for each fetch under way: by its scope and product. */
  private readonly fetches = new Map<number, View[]>();
  private readonly steps = new Heap<Step>((a, b) => a.atMs - b.atMs || a.order - b.order);
  private nowMs = 0;
  private order = 0;

  constructor(private readonly options: CatalogueOptions) {
    const { cities, processesPerCity, regionMs, seed } = options;
    const caches = (count: number, tier: TierOptions): Pages[] =>
      Array.from({ length: count }, () => this.cache(tier));
    this.processes = caches(cities.length * processesPerCity, options.process);
    this.regions = caches(cities.length, options.region);
    this.global = this.cache(options.global);
    this.database = new QueueingDatabase(options.database, seed);
    this.measures = new Measures(options);
    this.globalMs = cities.map((city) => roundTripMs(cities[0], city) ?? regionMs);
  }

  run({ onProgress, signal }: CatalogueWatch): void {
    const stream = new RequestStream(this.options);
    const totalMs = this.options.usualMs + this.options.saleMs;
    let requests = 0;
    for (let next = stream.next(); next !== undefined; next = stream.next()) {
      if (requests++ % requestsALook === 0) {
        signal?.throwIfAborted();
        onProgress?.(Math.floor(next.atMs), totalMs);
      }
      this.runUntil(next.atMs);
      this.nowMs = next.atMs;
      if (next.isOrder) this.takeOrder(next);
      else this.lookInProcess(next);
    }
    this.runUntil(Infinity);
    onProgress?.(totalMs, totalMs);
  }

  result(): CatalogueRun {
    const { measures, options } = this;
    const held = (caches: readonly Pages[]): { pages: number; bytes: number } => ({
      pages: caches.reduce((sum, cache) => sum + cache.size, 0),
      bytes: caches.reduce((sum, cache) => sum + cache.weight, 0),
    });
    return {
      options,
      series: measures.series(),
      between: (fromMs, untilMs) => measures.between(fromMs, untilMs),
      held: {
        process: held(this.processes),
        region: held(this.regions),
        global: held([this.global]),
      },
    };
  }

  private lookInProcess(view: View): void {
    const { processMs, regionMs, coalescing } = this.options;
    const page = this.processes[view.process].get(view.product);
    if (page !== undefined) return this.end(view, "process", page, processMs);
    if (coalescing === "process" && this.joins(view, view.process)) return;
    this.after(processMs + regionMs, () => this.lookInRegion(view));
  }

  private lookInRegion(view: View): void {
    const city = this.cityOf(view);
    const page = this.regions[city].get(view.product);
    if (page !== undefined) {
      this.put(this.processes[view.process], view.product, page);
      return this.end(view, "region", page);
    }
    if (this.options.coalescing === "region" && this.joins(view, city)) return;
    this.after(this.globalMs[city], () => this.lookInGlobal(view));
  }

  private lookInGlobal(view: View): void {
    const page = this.global.get(view.product);
    if (page === undefined) {
      return this.after(this.globalMs[this.cityOf(view)] / 2, () => this.askDatabase(view));
    }
    this.fillFrom(view, page);
    this.end(view, "global", page);
  }

  private askDatabase(view: View): void {
    const backMs = this.globalMs[this.cityOf(view)] / 2;
    this.work(
      (doneInMs) =>
        this.after(doneInMs, () => {
          const page = { version: this.versionOf(view.product) };
          this.after(backMs, () => {
            this.put(this.global, view.product, page);
            this.fillFrom(view, page);
            this.end(view, "database", page);
          });
        }),
      () => this.after(backMs, () => this.end(view, "refused")),
    );
  }

  private takeOrder(order: Request): void {
    const backMs = this.globalMs[this.cityOf(order)] / 2;
    const sell = (): void => {
      this.versions.set(order.product, this.versionOf(order.product) + 1);
      this.invalidate(order, backMs);
    };
    this.after(backMs, () => this.work((doneInMs) => this.after(doneInMs, sell)));
  }

  private invalidate(order: Request, backMs: number): void {
    const { invalidation, processesPerCity } = this.options;
    const { product } = order;
    if (invalidation === "own-way") {
      const way = [this.processes[order.process], this.regions[this.cityOf(order)], this.global];
      this.after(backMs, () => way.forEach((cache) => cache.delete(product)));
    }
    if (invalidation !== "everywhere") return;
    this.global.delete(product);
    this.regions.forEach((region, city) => {
      const from = city * processesPerCity;
      const all = [region, ...this.processes.slice(from, from + processesPerCity)];
      this.after(this.globalMs[city] / 2, () => all.forEach((cache) => cache.delete(product)));
    });
  }

  /** A request at the database: done in so many milliseconds, or refused. */
  private work(done: (doneInMs: number) => void, refused: () => void = () => {}): void {
    this.measures.cameToDatabase(this.nowMs);
    const admission = this.database.accept(this.nowMs);
    if (admission.kind === "accepted") done(admission.doneAtMs - this.nowMs);
    else refused();
  }

  /** True: another view of this scope has the page on its way, and this one waits for it. */
  private joins(view: View, scope: number): boolean {
    const fetch = scope * 2 ** 32 + view.product;
    const waiting = this.fetches.get(fetch);
    waiting?.push(view);
    if (waiting !== undefined) return true;
    this.fetches.set(fetch, []);
    view.fetch = fetch;
    return false;
  }

  /** The view is over, and those that waited for it: without a page they are refused as it is. */
  private end(view: View, outcome: Outcome, page?: Page, moreMs = 0): void {
    const isStale = page !== undefined && page.version < this.versionOf(view.product);
    const endMs = this.nowMs + moreMs;
    this.measures.ended(view.atMs, outcome, { tookMs: endMs - view.atMs, isStale });
    if (view.fetch === undefined) return;
    const waiting = this.fetches.get(view.fetch) as View[];
    this.fetches.delete(view.fetch);
    for (const other of waiting) {
      if (page !== undefined) this.put(this.processes[other.process], other.product, page);
      this.measures.ended(other.atMs, page === undefined ? "refused" : "shared", {
        tookMs: endMs - other.atMs,
        isStale,
      });
    }
  }

  private fillFrom(view: View, page: Page): void {
    this.put(this.regions[this.cityOf(view)], view.product, page);
    this.put(this.processes[view.process], view.product, page);
  }

  private put(cache: Pages, product: number, page: Page): void {
    cache.set(product, page, bytesOf(product, this.options.pageBytes));
  }

  private versionOf(product: number): number {
    return this.versions.get(product) ?? 0;
  }

  private cityOf(request: Request): number {
    return Math.floor(request.process / this.options.processesPerCity);
  }

  private cache({ bytes, ttlMs }: TierOptions): Pages {
    const nowMs = (): number => this.nowMs;
    return new TtlCache({ capacity: bytes, ttlMs, nowMs, tickMs: 1_000, keys: "integers" });
  }

  private after(ms: number, act: () => void): void {
    this.steps.push({ atMs: this.nowMs + ms, order: this.order++, act });
  }

  private runUntil(untilMs: number): void {
    for (let next = this.steps.peek(); next && next.atMs <= untilMs; next = this.steps.peek()) {
      this.steps.pop();
      this.nowMs = next.atMs;
      next.act();
    }
  }
}

/** The median of the simulated network's links, both ways. */
function roundTripMs(from: City, to: City): number | undefined {
  const latency = betweenCities(from, to);
  return from === to || latency.kind !== "logNormal" ? undefined : 2 * latency.medianMs;
}

/** From a product's number alone: 1,000 bytes and an exponential rest. */
export function bytesOf(product: number, meanBytes: number): number {
  const part = (avalanche32(product) >>> 0) / 2 ** 32;
  return Math.round(1_000 - (meanBytes - 1_000) * Math.log(1 - part));
}
