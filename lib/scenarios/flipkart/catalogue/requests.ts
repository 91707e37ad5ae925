/**
 * Who asks for which page when: a Poisson stream, with a step up at the sale, when part of it goes
 * to deals that change. Orders are of products as views are.
 */
import { Random } from "../../../basics";
import { zipfRanks } from "../../../caching";
import type { CatalogueOptions } from "./options";

export interface Request {
  readonly atMs: number;
  /** Its rank on a usual day, from 0; deals are beyond `products`. */
  readonly product: number;
  /** The process that is asked: city by city, from 0. */
  readonly process: number;
  readonly isOrder: boolean;
}

export class RequestStream {
  private readonly random: Random;
  private readonly usualRank: () => number;
  private readonly dealRank: () => number;
  private readonly processes: number;
  private nowMs = 0;

  constructor(private readonly options: CatalogueOptions) {
    this.random = new Random(options.seed, 1);
    const { products, exponent, deals } = options;
    this.usualRank = zipfRanks({ keys: products, exponent }, this.random);
    this.dealRank = zipfRanks({ keys: deals, exponent }, this.random);
    this.processes = options.cities.length * options.processesPerCity;
  }

  /** The next one in time; undefined after the last. */
  next(): Request | undefined {
    const { random, options } = this;
    const { usualMs, saleMs, viewsPerSecond, spike, orderShare } = options;
    const before = this.nowMs;
    if (before < usualMs) this.nowMs += random.exponential(1_000 / viewsPerSecond);
    // What a step of the rate cuts off is drawn anew from there: the stream has no memory.
    if (before < usualMs && this.nowMs >= usualMs) this.nowMs = usualMs;
    if (this.nowMs >= usualMs) this.nowMs += random.exponential(1_000 / viewsPerSecond / spike);
    if (this.nowMs >= usualMs + saleMs) return undefined;
    const process = random.below(this.processes);
    const isOrder = random.chance(orderShare);
    return { atMs: this.nowMs, product: this.product(), process, isOrder };
  }

  private product(): number {
    const { usualMs, dealShare, dealsEveryMs, products, deals } = this.options;
    const intoSaleMs = this.nowMs - usualMs;
    if (intoSaleMs < 0 || !this.random.chance(dealShare)) return this.usualRank() - 1;
    return products + Math.floor(intoSaleMs / dealsEveryMs) * deals + this.dealRank() - 1;
  }
}
