/**
 * A data set: rows in partitions, known by how they are made. Nothing is computed before an action
 * asks for it; a data set never changes, steps make others of it.
 *
 * Source: Zaharia et al. 2012, section 2 and table 2.
 */
import { inRange, wholeInRange } from "../../basics";
import { groupBy } from "../map-reduce/group-by/group-by";
import type { Aggregates, GroupByResult, GroupBySpec } from "../map-reduce/group-by/group-by";
import { writeParts } from "./checkpoint";
import type { Action } from "./data-plane/run-task";
import { byKey, narrow, sameParts, unionOf, wide } from "./derive";
import type { Jobs } from "./jobs";
import { shipCall } from "./lineage";
import type { Lineage } from "./lineage";
import type {
  ActionOptions,
  FunctionOptions,
  FunctionOrModule,
  SortKey,
  WideOptions,
} from "./options";
import type { Key, Pair } from "./pair";
import { explain, pictureOf } from "./plan/explain";
import type { Picture } from "./plan/picture";
import { findBounds } from "./sort-bounds";
import { partsOf, take } from "./take";

export interface SortOptions extends WideOptions {
  /** Default "ascending". */
  readonly order?: "ascending" | "descending";
}

type Call = Parameters<typeof narrow>[2];

export class Dataset<T> {
  private readonly jobs: Jobs;
  private readonly lineage: Lineage;

  /** Sessions and steps make data sets; what they hand over is nothing for others to read. */
  constructor(jobs: object, lineage: object) {
    this.jobs = jobs as Jobs;
    this.lineage = lineage as Lineage;
  }

  get partitions(): number {
    return this.lineage.partitions;
  }

  /** One row of each row. Narrow, as are all steps up to `union`. */
  map<U>(call: FunctionOrModule<(row: T) => U>, options?: FunctionOptions): Dataset<U> {
    return this.narrow("map", call, options);
  }

  filter(call: FunctionOrModule<(row: T) => boolean>, options?: FunctionOptions): Dataset<T> {
    return this.narrow("filter", call, options);
  }

  /** Any number of rows of each row. */
  flatMap<U>(
    call: FunctionOrModule<(row: T) => Iterable<U>>,
    options?: FunctionOptions,
  ): Dataset<U> {
    return this.narrow("flatMap", call, options);
  }

  keyBy<K extends Key>(
    call: FunctionOrModule<(row: T) => K>,
    options?: FunctionOptions,
  ): Dataset<Pair<K, T>> {
    return this.narrow("keyBy", call, options);
  }

  mapValues<K extends Key, V, W>(
    this: Dataset<Pair<K, V>>,
    call: FunctionOrModule<(value: V) => W>,
    options?: FunctionOptions,
  ): Dataset<Pair<K, W>> {
    return this.narrow("mapValues", call, options);
  }

  /** All rows of a partition at once, in memory; a cache may keep them: never change them. */
  mapPartitions<U>(
    call: FunctionOrModule<(rows: readonly T[], partition: number) => Iterable<U>>,
    options?: FunctionOptions,
  ): Dataset<U> {
    return this.narrow("mapPartitions", call, options);
  }

  /** Each row with the probability `share` (0 to 1); the same ones for the same seed. */
  sample(share: number, { seed = 1 }: { readonly seed?: number } = {}): Dataset<T> {
    inRange("share", share, { min: 0, max: 1 });
    const { isByKey } = this.lineage;
    const operator = { kind: "sample", share, seed } as const;
    return this.of(sameParts(this.jobs, this.lineage, { name: "sample", operator, isByKey }));
  }

  /** The rows of both, those that are in both twice. */
  union(other: Dataset<T>): Dataset<T> {
    return this.of(unionOf(this.jobs, this.lineage, other.lineage));
  }

  /** One value a key; `call` must be associative: it also combines before rows travel. Wide. */
  reduceByKey<K extends Key, V>(
    this: Dataset<Pair<K, V>>,
    call: FunctionOrModule<(left: V, right: V) => V>,
    options: WideOptions = {},
  ): Dataset<Pair<K, V>> {
    const combine = shipCall(call, options, { step: "reduceByKey", canAdd: false });
    const operator = { kind: "reduceByKey", call: combine } as const;
    return this.of(byKey(this.jobs, [this.lineage], { operator, options, combine }));
  }

  /** All values of a key, in the order of the partitions; they must fit into memory. Wide. */
  groupByKey<K extends Key, V>(
    this: Dataset<Pair<K, V>>,
    options: WideOptions = {},
  ): Dataset<Pair<K, V[]>> {
    return this.of(byKey(this.jobs, [this.lineage], { operator: { kind: "groupByKey" }, options }));
  }

  /** Each pair of values of a key that both have. Narrow where both are shared out alike. */
  join<K extends Key, V, W>(
    this: Dataset<Pair<K, V>>,
    other: Dataset<Pair<K, W>>,
    options: WideOptions = {},
  ): Dataset<Pair<K, readonly [V, W]>> {
    return this.together("join", other.lineage, options);
  }

  /** As `join`; a value whose key the other has not comes with null. */
  leftJoin<K extends Key, V, W>(
    this: Dataset<Pair<K, V>>,
    other: Dataset<Pair<K, W>>,
    options: WideOptions = {},
  ): Dataset<Pair<K, readonly [V, W | null]>> {
    return this.together("leftJoin", other.lineage, options);
  }

  /** Every key of either, with all values of both. */
  cogroup<K extends Key, V, W>(
    this: Dataset<Pair<K, V>>,
    other: Dataset<Pair<K, W>>,
    options: WideOptions = {},
  ): Dataset<Pair<K, readonly [readonly V[], readonly W[]]>> {
    return this.together("cogroup", other.lineage, options);
  }

  /** Each row once; rows are told apart by their content. Wide. */
  distinct(options: WideOptions = {}): Dataset<T> {
    const shape = { name: "distinct", operator: { kind: "distinct" }, options } as const;
    return this.of(wide(this.jobs, this.lineage, { ...shape, sharing: { kind: "byRow" } }));
  }

  /** The same rows in so many partitions of about equal size. Wide. */
  repartition(partitions: number): Dataset<T> {
    const sharing = { kind: "inTurns" } as const;
    const operator = { kind: "repartition" } as const;
    const shape = { name: "repartition", operator, sharing, options: { partitions } };
    return this.of(wide(this.jobs, this.lineage, shape));
  }

  /**
   * In the order of what `call` makes of a row; equal ones stay in their order. A job of its own
   * draws a sample first, to make ranges of about equal size. Wide.
   */
  sortBy(call: FunctionOrModule<(row: T) => SortKey>, options: SortOptions = {}): Dataset<T> {
    const shipped = shipCall(call, options, { step: "sortBy", canAdd: false });
    const isDescending = options.order === "descending";
    const bounds: SortKey[] = [];
    const sharing = { kind: "byRange", call: shipped, bounds, isDescending } as const;
    const operator = { kind: "sortBy", call: shipped, isDescending } as const;
    return this.of(wide(this.jobs, this.lineage, { name: "sortBy", operator, sharing, options }));
  }

  /**
   * Groups by declared columns of rows that are objects. Right on a CSV source it runs on the bytes
   * of the lines, as MapReduce's `groupBy`, and no row is made. Wide; default: one a worker.
   */
  groupByColumns<A extends Aggregates>(
    spec: Omit<GroupBySpec<A>, "top">,
    { partitions = this.jobs.workers }: { readonly partitions?: number } = {},
  ): Dataset<Pair<string, GroupByResult<A>>> {
    const job = groupBy(spec);
    const isOnBytes = this.lineage.operator.kind === "csv" && this.lineage.cache === undefined;
    const sharing = { kind: "byColumns", job, isOnBytes } as const;
    const operator = { kind: "groupByColumns", job } as const;
    const shape = { name: job.name, operator, sharing, options: { partitions } };
    return this.of(wide(this.jobs, this.lineage, shape));
  }

  /**
   * The same rows, kept by the worker that first computes them. What is over a worker's bound is
   * spilt to its disk or dropped, the least recently used first. Default "spill".
   */
  cache({ onFull = "spill" }: { readonly onFull?: "spill" | "drop" } = {}): Dataset<T> {
    const { isByKey } = this.lineage;
    const shape = { name: "cache", operator: { kind: "union" }, cache: onFull, isByKey } as const;
    return this.of(sameParts(this.jobs, this.lineage, shape));
  }

  /** Caches forget these partitions, or all: they are computed again when they are needed. */
  dropCached(partitions?: readonly number[]): void {
    this.jobs.dropCached(this.lineage, partitions);
  }

  /** All rows, in the order of the partitions. */
  async collect(options?: ActionOptions): Promise<T[]> {
    const parts = await this.run({ kind: "collect" }, options);
    return parts.flat() as T[];
  }

  async count(options?: ActionOptions): Promise<number> {
    const parts = await this.run({ kind: "count" }, options);
    return (parts.flat() as number[]).reduce((sum, count) => sum + count, 0);
  }

  /** The first rows, from as few partitions as it takes. */
  async take(count: number, options: ActionOptions = {}): Promise<T[]> {
    wholeInRange("count", count, { min: 0, max: 2 ** 31 });
    await this.prepare(options);
    return (await take(this.jobs, this.lineage, { count, options })) as T[];
  }

  /** `call` folds each partition from `zero`, then their values; it must be associative. */
  async fold(
    zero: T,
    call: (left: T, right: T) => T,
    options: ActionOptions & FunctionOptions = {},
  ): Promise<T> {
    const shipped = shipCall(call, options, { step: "fold", canAdd: false });
    const parts = await this.run({ kind: "fold", zero, call: shipped }, options);
    return (parts.flat() as T[]).reduce((left, right) => call(left, right), zero);
  }

  /** As `fold`, without a beginning; undefined for no rows. */
  async reduce(
    call: (left: T, right: T) => T,
    options: ActionOptions & FunctionOptions = {},
  ): Promise<T | undefined> {
    const shipped = shipCall(call, options, { step: "reduce", canAdd: false });
    const parts = (await this.run({ kind: "reduce", call: shipped }, options)).flat() as T[];
    return parts.length === 0 ? undefined : parts.reduce((left, right) => call(left, right));
  }

  /**
   * Computes all rows into files of a new folder, which appears whole or not at all; the data set
   * that comes back is read from there, and has no lineage before it.
   */
  async checkpoint(folder: string, options: ActionOptions = {}): Promise<Dataset<T>> {
    await this.prepare(options);
    const files = await writeParts(this.jobs, this.lineage, { folder, options });
    const { partitions, isByKey } = this.lineage;
    const operator = { kind: "stored", files } as const;
    const id = this.jobs.nextId();
    return this.of({ id, name: "checkpoint", partitions, parents: [], operator, isByKey });
  }

  /** The plan as text: stages in the order in which they run. */
  explain(): string {
    return explain(this.lineage);
  }

  /** The plan for the figure `dag`: `const { nodes, edges } = data.picture()`. */
  picture(): Picture {
    return pictureOf(this.lineage);
  }

  private narrow<U>(
    kind: Call["kind"],
    call: Call["call"],
    options: FunctionOptions | undefined,
  ): Dataset<U> {
    const isByKey = kind === "filter" || kind === "mapValues" ? this.lineage.isByKey : undefined;
    return this.of(narrow(this.jobs, this.lineage, { kind, call, options, isByKey }));
  }

  private together<U>(
    kind: "cogroup" | "join" | "leftJoin",
    other: Lineage,
    options: WideOptions,
  ): Dataset<U> {
    return this.of(byKey(this.jobs, [this.lineage, other], { operator: { kind }, options }));
  }

  private of<U>(lineage: Lineage): Dataset<U> {
    return new Dataset<U>(this.jobs, lineage);
  }

  private prepare(options: ActionOptions): Promise<void> {
    return findBounds(this.jobs, this.lineage, options);
  }

  private async run(action: Action, options: ActionOptions = {}): Promise<(readonly unknown[])[]> {
    await this.prepare(options);
    const partitions = Array.from({ length: this.lineage.partitions }, (_, i) => i);
    return partsOf(this.jobs, this.lineage, { partitions, action, options });
  }
}
