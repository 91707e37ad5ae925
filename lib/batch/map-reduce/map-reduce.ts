/**
 * MapReduce over files on all cores of this machine: splits, worker threads, shuffle through runs
 * on disk, and the control plane of `control/` that redoes what fails.
 *
 * Source: J. Dean and S. Ghemawat, OSDI 2004. Ours runs on one machine: a worker is a thread, its
 * disk a folder, so locality does not matter.
 */
import { mkdtempSync, rmSync } from "fs";
import { availableParallelism, tmpdir } from "os";
import { join } from "path";
import { wholeInRange } from "../../basics";
import type { NodeId } from "../../protocol";
import { runCluster } from "./control/cluster";
import type { ClusterOptions, ClusterResult, ControlNote } from "./control/cluster";
import type { Job, ResultRow } from "./job";
import { answerName } from "./reduce-task";
import { compareKeys, readRun } from "./run-file";
import { shipJob } from "./ship";
import { makeSplits } from "./splits";
import type { Counters, Executor } from "./tasks";
import { startThread } from "./thread-executor";

export interface MapReduceOptions extends Partial<ClusterOptions> {
  /** Bytes of a map task's input; default 16 MiB. */
  readonly splitBytes?: number;
  /** Reduce tasks; default: the workers. */
  readonly partitions?: number;
  /** What a worker's map task may hold before it spills; default 256 MiB. */
  readonly memoryBytes?: number;
  /** Told each executor as it starts: a test or a notebook can kill it. */
  readonly onExecutor?: (worker: NodeId, executor: Executor) => void;
}

export interface MapReduceResult<Result> {
  /** In the order of the keys (UTF-16 code units), whatever the workers, splits and failures. */
  readonly rows: readonly ResultRow<Result>[];
  readonly counters: Counters;
  readonly elapsedMs: number;
  /** What the coordinator noted: attempts, backups, losses. */
  readonly notes: readonly ControlNote[];
}

const mebibyte = 2 ** 20;

/**
 * Runs a job over files. Throws InputError for missing input and for functions that cannot travel,
 * RangeError for options out of range, Error with the reason when the job fails.
 */
export async function mapReduce<Value, Result>(
  job: Job<Value, Result>,
  inputs: readonly string[],
  options: MapReduceOptions = {},
): Promise<MapReduceResult<Result>> {
  const startMs = performance.now();
  const workers = wholeInRange("workers", options.workers ?? availableParallelism(), {
    min: 1,
    max: 256,
  });
  const partitions = wholeInRange("partitions", options.partitions ?? workers, {
    min: 1,
    max: 4_096,
  });
  const splits = makeSplits(inputs, options.splitBytes ?? 16 * mebibyte);
  const shipped = shipJob(job as unknown as Job);
  const jobFolder = mkdtempSync(join(tmpdir(), "dabbawala-mapreduce-"));
  const memoryBytes = options.memoryBytes ?? 256 * mebibyte;
  let rows: ResultRow<Result>[] = [];
  try {
    const startExecutor = (worker: NodeId): Executor => {
      const executor = startThread(worker, { shipped, partitions, memoryBytes, jobFolder });
      options.onExecutor?.(worker, executor);
      return executor;
    };
    const collect = (result: ClusterResult): void => void (rows = readRows(jobFolder, result));
    const result = await runCluster({ splits, partitions }, startExecutor, {
      ...options,
      workers,
      collect,
    });
    const elapsedMs = performance.now() - startMs;
    return { rows, counters: result.counters, elapsedMs, notes: result.notes };
  } finally {
    rmSync(jobFolder, { recursive: true, force: true });
  }
}

/** The answers of all partitions in the order of their keys. */
function readRows<Result>(jobFolder: string, result: ClusterResult): ResultRow<Result>[] {
  const rows = result.outputs.flatMap(({ worker, partition }) =>
    [...readRun(join(jobFolder, worker, answerName(partition)))].map(({ key, values }) => ({
      key,
      value: values[0] as Result,
    })),
  );
  return rows.sort((left, right) => compareKeys(left.key, right.key));
}
