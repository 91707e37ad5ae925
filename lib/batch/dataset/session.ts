/**
 * A session of data sets: worker threads that keep what they computed from one job to the next, and
 * the sources of data sets. Jobs run one after the other.
 */
import { rmSync } from "fs";
import { availableParallelism } from "os";
import { wholeInRange } from "../../basics";
import type { DatasetCoordinatorOptions } from "./control/options";
import { Dataset } from "./dataset";
import { Jobs } from "./jobs";
import type { JobReport } from "./job-report";
import { cloneable } from "../../basics/ship-functions";
import { shipCall } from "./lineage";

import { parquetParts, splitsOf } from "./file-splits";
import { BadRowCounter, reportOf } from "./schema/bad-rows";
import type { BadRows, FoundBadRows } from "./schema/bad-rows";
import { checkMode, formatOf, linesOf } from "./schema/read-rows";
import type { OnBadRow } from "./schema/row-sink";
import type { RowOf, RowWithGaps, Schema } from "./schema/schema";
import type {
  ActionOptions,
  ColumnTypes,
  FileOptions,
  FunctionOptions,
  FunctionOrModule,
} from "./options";
import { journaledSession, temporarySession } from "./session-work";
import type { SessionWork } from "./session-work";
import type { Operator } from "./steps";
import { Accumulator, Broadcast } from "./variables";

export interface SessionOptions {
  /** Threads; default: the cores. */
  readonly workers?: number;
  /** What one worker's cache may hold; default 256 MiB. An estimate of the rows' size. */
  readonly cacheBytes?: number;
  /** Roughly what one task may hold; default 256 MiB. */
  readonly memoryBytes?: number;
  /**
   * A folder for the session's work, which outlives a process that is killed, or whose last job
   * failed: the same program with the same folder makes no output for a shuffle again that was
   * finished, see `JobReport.outputsKept`. Removed by `close` when the last job went well.
   */
  readonly resume?: string;
  /** Of the scheduler: `{ backupFactor: 0 }` starts no backups of slow tasks. */
  readonly coordinator?: Partial<DatasetCoordinatorOptions>;
  /** Told each thread as it starts: a test or a notebook can kill it. */
  readonly onExecutor?: (worker: string, executor: { stop(): Promise<void> }) => void;
}

/** A row of a CSV source with these columns. */
export type CsvRow<C extends ColumnTypes> = {
  readonly [Name in keyof C]: C[Name] extends "number" ? number : string;
};

/** A line of a CSV file that nobody looked at: to be checked. */
export interface CsvLine {
  readonly file: string;
  /** Where the line begins. */
  readonly atByte: number;
  readonly fields: readonly string[];
}

const mebibyte = 2 ** 20;

export class DatasetSession {
  readonly workers: number;
  private readonly work: SessionWork;
  private readonly jobs: Jobs;
  private nextVariable = 1;
  private readonly removeFolder = (): void => {
    const { folder, journal } = this.work;
    if (journal === undefined) rmSync(folder, { recursive: true, force: true });
    else journal.close();
  };

  constructor(options: SessionOptions = {}) {
    const { workers = availableParallelism(), onExecutor, coordinator, resume } = options;
    const { cacheBytes = 256 * mebibyte, memoryBytes = 256 * mebibyte } = options;
    this.workers = wholeInRange("workers", workers, { min: 1, max: 256 });
    wholeInRange("cacheBytes", cacheBytes, { min: 0, max: 2 ** 40 });
    wholeInRange("memoryBytes", memoryBytes, { min: 1, max: 2 ** 40 });
    this.work = resume === undefined ? temporarySession() : journaledSession(resume);
    const bounds = { workers, cacheBytes, memoryBytes };
    this.jobs = new Jobs({ ...bounds, work: this.work, onExecutor, coordinator });
    process.once("exit", this.removeFolder);
  }

  /** What the last job did; undefined before the first one. */
  get lastJob(): JobReport | undefined {
    return this.jobs.lastJob;
  }

  /** Rows of the program, cut into partitions of equal size; default: two a worker. */
  fromArray<T>(rows: readonly T[], options: { readonly partitions?: number } = {}): Dataset<T> {
    const wanted = options.partitions ?? Math.min(2 * this.workers, Math.max(1, rows.length));
    const partitions = wholeInRange("partitions", wanted, { min: 1, max: 100_000 });
    const files = this.jobs.store(rows, partitions);
    return this.source("fromArray", { kind: "stored", files }, partitions);
  }

  /** A CSV file's rows, under its header line: the columns told, else all of them as texts. */
  csv(files: string | readonly string[], options?: FileOptions): Dataset<Record<string, string>>;
  csv<C extends ColumnTypes>(
    files: string | readonly string[],
    options: FileOptions & { readonly columns: C },
  ): Dataset<CsvRow<C>>;
  csv(
    files: string | readonly string[],
    options: FileOptions & { readonly columns?: ColumnTypes } = {},
  ): Dataset<never> {
    const splits = splitsOf(files, options, this.workers);
    const { columns } = options;
    return this.source("csv", { kind: "csv", splits, columns }, splits.length);
  }

  /**
   * Rows of .csv, .jsonl and .parquet files by a schema. What becomes of bad ones is told by
   * `onBad`: "fail" unless told. See `validate` for what is wrong with them.
   */
  typed<S extends Schema, Mode extends OnBadRow = "fail">(
    schema: S,
    files: string | readonly string[],
    options: FileOptions & { readonly onBad?: Mode } = {},
  ): Dataset<Mode extends "null" ? RowWithGaps<S> : RowOf<S>> {
    const { onBad = "fail" } = options;
    checkMode(onBad);
    [files].flat().forEach(formatOf);
    const splits = splitsOf(files, options, this.workers);
    return this.source("typed", { kind: "typed", splits, schema, onBad }, splits.length);
  }

  /** What is wrong with the rows of .csv, .jsonl and .parquet files, looked at on all threads. */
  async validate(
    schema: Schema,
    files: string | readonly string[],
    options: FileOptions & ActionOptions & { readonly maxListed?: number } = {},
  ): Promise<BadRows> {
    const maxListed = wholeInRange("maxListed", options.maxListed ?? 100, { min: 0, max: 1e6 });
    [files].flat().forEach(formatOf);
    const splits = splitsOf(files, options, this.workers);
    const operator = { kind: "validate", splits, schema, maxListed } as const;
    const parts = this.source<FoundBadRows>("validate", operator, splits.length);
    const counter = new BadRowCounter(maxListed);
    for (const part of await parts.collect(options)) counter.add(part);
    return reportOf(counter, await linesOf(counter.listed));
  }

  /** The lines of a CSV file with their fields and places, without the header line. */
  csvLines(files: string | readonly string[], options: FileOptions = {}): Dataset<CsvLine> {
    const splits = splitsOf(files, options, this.workers);
    return this.source("csvLines", { kind: "csvLines", splits }, splits.length);
  }

  lines(files: string | readonly string[], options: FileOptions = {}): Dataset<string> {
    const splits = splitsOf(files, options, this.workers);
    return this.source("lines", { kind: "lines", splits }, splits.length);
  }

  /** A JSON value a line; empty lines are left out. */
  jsonLines<T>(files: string | readonly string[], options: FileOptions = {}): Dataset<T> {
    const splits = splitsOf(files, options, this.workers);
    return this.source("jsonLines", { kind: "jsonLines", splits }, splits.length);
  }

  /**
   * Rows of Parquet files, with all columns or those named: about 250,000 rows a partition. Dates
   * and other types that JSON lacks are texts.
   */
  async parquet<T>(
    files: string | readonly string[],
    { columns }: { readonly columns?: readonly (keyof T & string)[] } = {},
  ): Promise<Dataset<T>> {
    const parts = await parquetParts([files].flat(), columns);
    return this.source("parquet", { kind: "parquet", parts }, parts.length);
  }

  /**
   * Rows that a function makes of their numbers [from, to) and the seed, alone: any partition can
   * be made again. Default: two partitions a worker.
   */
  generate<T>(
    spec: GenerateSpec & {
      readonly block: FunctionOrModule<(from: number, to: number, seed: number) => Iterable<T>>;
    },
    options: FunctionOptions = {},
  ): Dataset<T> {
    const rows = wholeInRange("rows", spec.rows, { min: 0, max: Number.MAX_SAFE_INTEGER });
    const wanted = spec.partitions ?? 2 * this.workers;
    const partitions = wholeInRange("partitions", wanted, { min: 1, max: 100_000 });
    const block = shipCall(spec.block, options, { step: "generate" });
    const { seed = 1 } = spec;
    return this.source("generate", { kind: "generate", rows, seed, block }, partitions);
  }

  /** Sent to each worker once, before its first task that uses it. */
  broadcast<T>(value: T): Broadcast<T> {
    cloneable("the broadcast", value);
    const broadcast = new Broadcast(this.nextVariable++, value);
    this.jobs.keepBroadcast(broadcast);
    return broadcast;
  }

  accumulator(name: string): Accumulator {
    const accumulator = new Accumulator(this.nextVariable++, name);
    this.jobs.keepAccumulator(accumulator);
    return accumulator;
  }

  /** Ends the threads, and removes what they left. */
  async close(): Promise<void> {
    const isDone = await this.jobs.close();
    process.off("exit", this.removeFolder);
    if (isDone) this.work.journal?.remove();
    this.removeFolder();
  }

  private source<T>(name: string, operator: Operator, partitions: number): Dataset<T> {
    const lineage = { id: this.jobs.nextId(), name, partitions, parents: [], operator };
    return new Dataset<T>(this.jobs, lineage);
  }
}

export interface GenerateSpec {
  readonly rows: number;
  /** Default 1. */
  readonly seed?: number;
  readonly partitions?: number;
}
