/** What became of the views, row by row of time, and any rows together. */
import type { CatalogueOptions } from "./options";

/** Who had the page; "shared": another view's fetch; "refused": the database, no page. */
export const outcomes = ["process", "region", "global", "database", "shared", "refused"] as const;
export type Outcome = (typeof outcomes)[number];

export interface CatalogueSummary {
  /** Milliseconds since the beginning. */
  readonly fromMs: number;
  readonly untilMs: number;
  /** Page views that began then. */
  readonly views: number;
  /** Of the views, by outcome; their sum is 1. */
  readonly shares: Readonly<Record<Outcome, number>>;
  /** Views that a cache answered: process, region and global. */
  readonly hitShare: number;
  /** Of the answered views, in milliseconds; quantiles within 1 %. NaN where there are none. */
  readonly meanMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of the answered views: an order had changed the product before the answer. */
  readonly staleShare: number;
  /** Reads and orders that came to the database, a second, refused ones too. */
  readonly databasePerSecond: number;
  /** That by what its workers can do; above 1 it cannot keep up. */
  readonly databaseLoad: number;
}

const [lowestMs, step] = [0.01, 1.02];
const bins = Math.ceil(Math.log(1e8) / Math.log(step));

class Row {
  readonly views = new Float64Array(outcomes.length);
  readonly times = new Uint32Array(bins);
  sumMs = 0;
  stale = 0;
  database = 0;

  add(other: Row): void {
    other.views.forEach((count, i) => (this.views[i] += count));
    other.times.forEach((count, i) => (this.times[i] += count));
    this.sumMs += other.sumMs;
    this.stale += other.stale;
    this.database += other.database;
  }

  quantileMs(part: number): number {
    const answered = this.times.reduce((sum, count) => sum + count, 0);
    let left = Math.ceil(part * answered);
    if (answered === 0) return NaN;
    const bin = this.times.findIndex((count) => (left -= count) <= 0);
    return lowestMs * step ** bin;
  }
}

export class Measures {
  private readonly rows: Row[] = [];

  constructor(private readonly options: CatalogueOptions) {
    const rows = Math.ceil((options.usualMs + options.saleMs) / options.rowMs);
    for (let i = 0; i < Math.max(1, rows); i++) this.rows.push(new Row());
  }

  /** A view that began at `atMs` has ended. */
  ended(
    atMs: number,
    outcome: Outcome,
    { tookMs, isStale }: { tookMs: number; isStale: boolean },
  ): void {
    const row = this.rowAt(atMs);
    row.views[outcomes.indexOf(outcome)]++;
    if (outcome === "refused") return;
    const bin = Math.round(Math.log(tookMs / lowestMs) / Math.log(step));
    row.times[Math.min(bins - 1, Math.max(0, bin))]++;
    row.sumMs += tookMs;
    if (isStale) row.stale++;
  }

  /** A request has come to the database. */
  cameToDatabase(atMs: number): void {
    this.rowAt(atMs).database++;
  }

  /** The rows that lie in a part of the time, together. */
  between(fromMs: number, untilMs: number): CatalogueSummary {
    const { rowMs } = this.options;
    const sum = new Row();
    const first = Math.floor(fromMs / rowMs);
    const last = Math.min(this.rows.length, Math.ceil(untilMs / rowMs));
    for (let i = first; i < last; i++) sum.add(this.rows[i]);
    return this.summary(sum, { fromMs: first * rowMs, untilMs: last * rowMs });
  }

  series(): CatalogueSummary[] {
    const { rowMs } = this.options;
    return this.rows.map((row, i) =>
      this.summary(row, { fromMs: i * rowMs, untilMs: (i + 1) * rowMs }),
    );
  }

  private rowAt(atMs: number): Row {
    return this.rows[Math.min(this.rows.length - 1, Math.floor(atMs / this.options.rowMs))];
  }

  private summary(row: Row, time: { fromMs: number; untilMs: number }): CatalogueSummary {
    const views = row.views.reduce((sum, count) => sum + count, 0);
    const answered = views - row.views[outcomes.indexOf("refused")];
    const pairs = outcomes.map((name, i) => [name, views === 0 ? 0 : row.views[i] / views]);
    const shares = Object.fromEntries(pairs) as Record<Outcome, number>;
    const { workers, serviceMs } = this.options.database;
    const databasePerSecond = row.database / ((time.untilMs - time.fromMs) / 1_000);
    return {
      ...time,
      views,
      shares,
      hitShare: shares.process + shares.region + shares.global,
      meanMs: row.sumMs / answered,
      p50Ms: row.quantileMs(0.5),
      p99Ms: row.quantileMs(0.99),
      staleShare: answered === 0 ? 0 : row.stale / answered,
      databasePerSecond,
      databaseLoad: (databasePerSecond * serviceMs) / 1_000 / workers,
    };
  }
}
