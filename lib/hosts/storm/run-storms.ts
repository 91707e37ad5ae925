/** Many seeds of a storm, on all cores. */
import { availableParallelism } from "os";
import { join } from "path";
import { Worker } from "worker_threads";
import { wholeInRange } from "../../basics";
import { checkVariant } from "./definition";
import type { StormDefinition } from "./definition";
import { addCounts } from "./play-seeds";
import type { SeedFailure, SeedRange, SeedResults } from "./play-seeds";
import type { StormThreadData } from "./storm-thread";

export interface RunStormsOptions {
  /** How many; default 100. */
  readonly seeds?: number;
  /** Default 1. */
  readonly firstSeed?: number;
  /** Threads; default one a core. */
  readonly workers?: number;
  /** One of the storm's variants; default: the protocol itself. */
  readonly variant?: string;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

export interface StormSummary {
  readonly seeds: number;
  /** In the order of seeds, however many threads there were. */
  readonly failures: readonly SeedFailure[];
  readonly events: number;
  /** How often each note was made: a storm in which something never happened tests little. */
  readonly counts: ReadonlyMap<string, number>;
  readonly workers: number;
}

/** So many seeds a message: few enough that all threads end at about the same time. */
const seedsAtOnce = 4;

/** Throws RangeError or InputError for bad options, and the signal's reason when it is aborted. */
export async function runStorms(
  definition: StormDefinition,
  options: RunStormsOptions = {},
): Promise<StormSummary> {
  const whole = { min: 1, max: 1e9 };
  const seeds = wholeInRange("seeds", options.seeds ?? 100, whole);
  const first = wholeInRange("firstSeed", options.firstSeed ?? 1, { min: 0, max: 1e9 });
  const wanted = wholeInRange("workers", options.workers ?? availableParallelism(), {
    min: 1,
    max: 1_024,
  });
  checkVariant(definition, options.variant);
  options.signal?.throwIfAborted();
  const workers = Math.min(wanted, Math.ceil(seeds / seedsAtOnce));
  const results = await new Fleet(definition, options, { first, count: seeds }).run(workers);
  const counts = new Map<string, number>();
  for (const result of results) addCounts(counts, result.counts);
  const failures = results.flatMap((result) => result.failures);
  failures.sort((left, right) => left.seed - right.seed);
  const events = results.reduce((sum, result) => sum + result.events, 0);
  return { seeds, failures, events, counts, workers };
}

/** The threads, and the seeds that none of them has yet. */
class Fleet {
  private readonly results: SeedResults[] = [];
  private next: number;
  private done = 0;

  constructor(
    private readonly definition: StormDefinition,
    private readonly options: RunStormsOptions,
    private readonly range: SeedRange,
  ) {
    this.next = range.first;
  }

  async run(workers: number): Promise<readonly SeedResults[]> {
    const threads = Array.from({ length: workers }, () => this.startThread());
    try {
      await Promise.all(threads.map((thread) => this.keepBusy(thread)));
    } finally {
      await Promise.all(threads.map((thread) => thread.terminate()));
    }
    return this.results;
  }

  private startThread(): Worker {
    const { modulePath } = this.definition;
    const workerData: StormThreadData = { modulePath, variant: this.options.variant };
    return new Worker(join(__dirname, "storm-thread.js"), { workerData });
  }

  /** Ends when there are no more seeds; fails when the thread does or the signal is given. */
  private keepBusy(thread: Worker): Promise<void> {
    const { signal } = this.options;
    return new Promise((resolve, reject) => {
      const abort = (): void => reject(signal?.reason);
      signal?.addEventListener("abort", abort, { once: true });
      const end = (): void => {
        signal?.removeEventListener("abort", abort);
        resolve();
      };
      let range = this.take();
      thread.on("error", reject);
      thread.on("exit", (code) => reject(new Error(`a storm thread ended with ${code}`)));
      thread.on("message", (result: SeedResults) => {
        this.keep(result, range?.count ?? 0);
        range = this.take();
        if (range === undefined) end();
        else thread.postMessage(range);
      });
      if (range === undefined) end();
      else thread.postMessage(range);
    });
  }

  private keep(result: SeedResults, count: number): void {
    this.results.push(result);
    this.done += count;
    this.options.onProgress?.(this.done, this.range.count);
  }

  private take(): SeedRange | undefined {
    const first = this.next;
    const count = Math.min(seedsAtOnce, this.range.first + this.range.count - first);
    this.next += count;
    return count > 0 ? { first, count } : undefined;
  }
}
