/**
 * How much memory each level needs, at every size at once: the hits of LRU in each level's own
 * stream, which is what the level before missed.
 *
 * Source: R. Mattson et al., "Evaluation techniques for storage hierarchies", IBM Systems Journal
 * 9(2), 1970, one stack a cache.
 * Assumes: pages of one size that never end; views in their order, without delays.
 */
import { Lru, StackDistances } from "../../../caching";
import { catalogueOptions } from "./options";
import type { CatalogueOptions } from "./options";
import { RequestStream } from "./requests";

export interface TierCurveOptions extends Partial<CatalogueOptions> {
  /** Sizes to tell the hits of, in pages a cache. */
  readonly sizes: readonly number[];
  /** Pages of each process's cache, before a region's; from 1. */
  readonly processPages: number;
  /** Pages of each region's cache, before the global one; from 1. */
  readonly regionPages: number;
}

/** For one size of the caches of a level: hits there, in parts of all views. */
export interface TierCurveRow {
  readonly pages: number;
  readonly process: number;
  readonly region: number;
  readonly global: number;
}

export interface TierCurves {
  readonly rows: readonly TierCurveRow[];
  /** Parts of all views that ask for a page for the first time: no cache at all has it. */
  readonly firstViews: number;
}

export function tierCurves(options: TierCurveOptions): TierCurves {
  const { sizes, processPages, regionPages, ...given } = options;
  const shop = catalogueOptions(given);
  const regions = shop.cities.map(() => new Level(regionPages, sizes));
  const processes = regions.flatMap(() =>
    Array.from({ length: shop.processesPerCity }, () => new Level(processPages, sizes)),
  );
  const global = new StackDistances();
  const known = new Set<number>();
  const stream = new RequestStream(shop);
  let views = 0;
  for (let next = stream.next(); next !== undefined; next = stream.next()) {
    if (next.isOrder) continue;
    views++;
    known.add(next.product);
    if (processes[next.process].hits(next.product)) continue;
    if (regions[Math.floor(next.process / shop.processesPerCity)].hits(next.product)) continue;
    global.add(next.product);
  }
  const part = (hits: number): number => (views === 0 ? 0 : hits / views);
  const [ofProcess, ofRegion, ofGlobal] = [sum(processes), sum(regions), global.hits(sizes)];
  const rows = sizes.map((pages, i) => ({
    pages,
    process: part(ofProcess[i]),
    region: part(ofRegion[i]),
    global: part(ofGlobal[i]),
  }));
  return { rows, firstViews: part(known.size) };
}

/** A cache of the size that the next level sees, and the curve of all sizes. */
class Level {
  private readonly cache: Lru<number, true>;
  private readonly distances = new StackDistances();

  constructor(
    pages: number,
    private readonly sizes: readonly number[],
  ) {
    this.cache = new Lru({ capacity: pages, keys: "integers" });
  }

  hits(product: number): boolean {
    this.distances.add(product);
    const isHit = this.cache.get(product) !== undefined;
    if (!isHit) this.cache.set(product, true);
    return isHit;
  }

  get curve(): number[] {
    return this.distances.hits(this.sizes);
  }
}

function sum(levels: readonly Level[]): number[] {
  const curves = levels.map((level) => level.curve);
  return curves[0].map((_, i) => curves.reduce((total, curve) => total + curve[i], 0));
}
