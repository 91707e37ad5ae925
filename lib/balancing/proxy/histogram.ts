/**
 * How many times were how long, in buckets that grow by an eighth of a power of two: a quantile is
 * read with an error of at most 6 %, and two histograms can be added.
 */
const perDoubling = 8;
/** The first bucket ends here; 34 doublings lead to 280 minutes. */
const shortestMs = 0.001;
const buckets = 34 * perDoubling;

export interface LatencySummary {
  readonly count: number;
  readonly meanMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** How many are in each bucket; bucket i ends at 0.001 ms x 2^(i / 8). */
  readonly buckets: readonly number[];
}

export class Histogram {
  private readonly counts: number[] = new Array<number>(buckets).fill(0);
  private count = 0;
  private sumMs = 0;
  private maxMs = 0;

  add(ms: number): void {
    const place = ms <= shortestMs ? 0 : Math.ceil(Math.log2(ms / shortestMs) * perDoubling);
    this.counts[Math.min(place, buckets - 1)]++;
    this.count++;
    this.sumMs += ms;
    if (ms > this.maxMs) this.maxMs = ms;
  }

  /** With another's. */
  addSummary(other: LatencySummary): void {
    other.buckets.forEach((count, place) => (this.counts[place] += count));
    this.count += other.count;
    this.sumMs += other.meanMs * other.count;
    this.maxMs = Math.max(this.maxMs, other.maxMs);
  }

  get summary(): LatencySummary {
    let used = this.counts.length;
    while (used > 0 && this.counts[used - 1] === 0) used--;
    return {
      count: this.count,
      meanMs: this.count === 0 ? 0 : this.sumMs / this.count,
      p50Ms: this.quantile(0.5),
      p99Ms: this.quantile(0.99),
      maxMs: this.maxMs,
      buckets: this.counts.slice(0, used),
    };
  }

  /** The end of the bucket that holds it; never over the longest. */
  private quantile(share: number): number {
    let rest = Math.ceil(share * this.count);
    if (rest === 0) return 0;
    const place = this.counts.findIndex((count) => (rest -= count) <= 0);
    return Math.min(this.maxMs, shortestMs * 2 ** (place / perDoubling));
  }
}
