/**
 * MapReduce over files on all cores of this machine: splits, worker threads, shuffle through runs
 * on disk, and the control plane of `control/` that redoes what fails.
 *
 * Source: J. Dean and S. Ghemawat, OSDI 2004. Ours runs on one machine: a worker is a thread, its
 * disk a folder, so locality does not matter.
 */
import { availableParallelism } from "os";
import { resolve } from "path";
import { wholeInRange } from "../../basics";
import type { NodeId } from "../../protocol";
import type { ControlNote } from "../local-cluster";
import { answerRows, answerShape, holdAnswer, takeAnswers } from "./answer";
import type { HeldAnswer } from "./answer";
import { defaultBadRecords } from "./bad-records";
import { runCluster } from "./control/cluster";
import type { ClusterOptions, ClusterResult } from "./control/cluster";
import { keptTasks } from "../kept-tasks";
import { taskSpans } from "./control/task-spans";
import type { TaskSpan } from "./control/task-spans";
import { checkColumns } from "./group-by/check-columns";
import { isGroupBy } from "./group-by/group-by";
import type { GroupByJob } from "./group-by/group-by";
import type { Job, ResultRow } from "./job";
import { clusterWork, endWork, journaledWork, temporaryWork } from "./job-work";
import { answerFormat, writeAnswer } from "./output/answer-file";
import { shipJob } from "./ship";
import { defaultSplitRule, makeSplits } from "./splits";
import type { Counters, Executor } from "./tasks";
import { startThread } from "./thread-executor";

export interface MapReduceOptions extends Partial<Omit<ClusterOptions, "collect" | "work">> {
  /**
   * Bytes of a map task's input; default: half of a worker's share, from 1 MiB on; with more than
   * 192 MiB a worker 64 MiB, and 16 MiB for the last ones.
   */
  readonly splitBytes?: number;
  /** Reduce tasks; default: the workers. */
  readonly partitions?: number;
  /** What a task of a worker may hold before it spills; default 256 MiB. */
  readonly memoryBytes?: number;
  /** Records that may fail, over the whole job: they are skipped and counted; default 1,000. */
  readonly maxBadRecords?: number;
  /**
   * A folder for the job's work, which outlives a process that is killed: the same job with the
   * same inputs and options does only what is missing then. Removed when the job is done.
   */
  readonly resume?: string;
  /** A .csv, .jsonl or .parquet file for the rows, whole or not at all; they are streamed. */
  readonly out?: string;
  /** Told each executor as it starts: a test or a notebook can kill it. */
  readonly onExecutor?: (worker: NodeId, executor: Executor) => void;
}

export interface MapReduceResult<Result> {
  /**
   * In the order of the keys (UTF-16 code units; part by part), whatever the workers, splits and
   * failures. Empty when they went to the file `out`. Past 10,000 those of `groupBy` are made of
   * columns when they are first read, which takes about a microsecond and 150 bytes each.
   */
  readonly rows: readonly ResultRow<Result>[];
  readonly rowCount: number;
  readonly counters: Counters;
  readonly elapsedMs: number;
  /** Tasks that an earlier process had done, see `resume`. */
  readonly tasksKept: number;
  /** Every attempt at a task, with its worker, start and end. */
  readonly spans: readonly TaskSpan[];
  /** What the coordinator noted: attempts, backups, losses. */
  readonly notes: readonly ControlNote[];
}

/** A job of any kind: programmed, or told with `groupBy`. */
export type AnyJob<Value, Result> = Job<Value, Result> | GroupByJob<Result>;

const mebibyte = 2 ** 20;

/**
 * Runs a job over files. Throws InputError for missing input and for functions that cannot travel,
 * RangeError for options out of range, Error with the reason when the job fails.
 */
export async function mapReduce<Value, Result>(
  job: AnyJob<Value, Result>,
  inputs: readonly string[],
  options: MapReduceOptions = {},
): Promise<MapReduceResult<Result>> {
  const startMs = performance.now();
  const plain = job as unknown as Job | GroupByJob;
  const { workers, partitions, memoryBytes, maxBadRecords } = checkOptions(options);
  const { splitBytes = defaultSplitRule(workers), resume } = options;
  const files = resume === undefined ? inputs : inputs.map((file) => resolve(file));
  const plan = { splits: makeSplits(files, splitBytes), partitions };
  if (isGroupBy(plain)) await checkColumns(plain, inputs);
  const shipped = shipJob(plain);
  const task = { shipped, inputs, plan, options: { ...options, memoryBytes } };
  const work = resume === undefined ? temporaryWork(plan) : journaledWork(resume, task);
  const { folder: jobFolder, journal } = work;
  const isFolderKept = journal !== undefined;
  const outputsAt = isFolderKept ? sharedOutputs : undefined;
  let answer: HeldAnswer<Result> = { rowCount: 0, rows: () => [] };
  let isDone = false;
  try {
    const startExecutor = (worker: NodeId): Executor => {
      const { partitions } = work.plan;
      const setUp = { shipped, partitions, memoryBytes, maxBadRecords, jobFolder };
      const executor = startThread(worker, setUp, isFolderKept);
      options.onExecutor?.(worker, executor);
      return executor;
    };
    const collect = async ({ outputs }: ClusterResult): Promise<void> => {
      answer = await deliver(plain, takeAnswers(jobFolder, outputs, isFolderKept), options);
    };
    const { counters, notes } = await runCluster(work.plan, startExecutor, {
      ...options,
      ...{ workers, collect, work: clusterWork(work) },
      coordinator: { maxBadRecords, ...outputsAt, ...options.coordinator },
    });
    isDone = true;
    const elapsedMs = performance.now() - startMs;
    const told = {
      counters,
      elapsedMs,
      tasksKept: keptTasks(notes),
      spans: taskSpans(notes),
      notes,
    };
    return withRows(answer, told);
  } finally {
    endWork(work, isDone);
  }
}

/** A folder that is kept is a disk that outlives the workers. */
const sharedOutputs = { mapOutputs: "shared", reduceOutputs: "shared" } as const;

/** So few rows are made at once: a result that is printed shows them. */
const fewRows = 10_000;

function withRows<Result>(
  { rowCount, rows }: HeldAnswer<Result>,
  told: Omit<MapReduceResult<Result>, "rows" | "rowCount">,
): MapReduceResult<Result> {
  if (rowCount <= fewRows) return { rows: rows(), rowCount, ...told };
  return {
    get rows() {
      return rows();
    },
    rowCount,
    ...told,
  };
}

function checkOptions(options: MapReduceOptions): {
  workers: number;
  partitions: number;
  memoryBytes: number;
  maxBadRecords: number;
} {
  const { out, memoryBytes = 256 * mebibyte } = options;
  if (out !== undefined) answerFormat(out);
  const wanted = options.workers ?? availableParallelism();
  const workers = wholeInRange("workers", wanted, { min: 1, max: 256 });
  const tasks = options.partitions ?? workers;
  const partitions = wholeInRange("partitions", tasks, { min: 1, max: 4_096 });
  wholeInRange("memoryBytes", memoryBytes, { min: 1, max: 2 ** 40 });
  const most = options.maxBadRecords ?? defaultBadRecords;
  const maxBadRecords = wholeInRange("maxBadRecords", most, { min: 0, max: 10_000_000 });
  return { workers, partitions, memoryBytes, maxBadRecords };
}

async function deliver<Result>(
  job: Job | GroupByJob,
  files: readonly string[],
  { out, signal }: MapReduceOptions,
): Promise<HeldAnswer<Result>> {
  if (out === undefined) return holdAnswer(job, files);
  const shape = answerShape(job);
  const rowCount = await writeAnswer(out, answerRows(job, files), { shape, signal });
  return { rowCount, rows: () => [] };
}
