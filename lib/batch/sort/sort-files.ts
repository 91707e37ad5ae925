/**
 * Sorts files that are larger than the memory it may use, on all cores, stable: runs are sorted in
 * memory and written, then ranges of keys are merged from all runs, each by one thread.
 *
 * Source: D. Knuth, The Art of Computer Programming 3, section 5.4 (external sorting). Ours merges
 * range by range, as TeraSort does (O. O'Malley 2008): all runs at once, or in several passes where
 * memory or open files do not suffice for all.
 * Cost: n log n; the input is read and written twice, and needs its size once more on the disk. A
 * further pass writes a part of a range once more, for each thread.
 */
import { statSync } from "fs";
import { resolve } from "path";
import { wholeInRange } from "../../basics";
import type { NodeId } from "../../protocol";
import { keptTasks } from "../kept-tasks";
import type { ControlNote } from "../local-cluster";
import { taskSpans } from "../map-reduce/control/task-spans";
import type { TaskSpan } from "../map-reduce/control/task-spans";
import { runSortCluster } from "./cluster";
import type { SortCoordinatorOptions } from "./control/coordinator";
import { startSortThread } from "./executor";
import type { SortExecutor } from "./executor";
import { checkInputs, commonBeginning, cutInputs, readHeader } from "./inputs";
import { runsOpenAtOnce } from "./open-files";
import { leastRangeBytes, shareMemory } from "./share-memory";
import { checkShape, newline } from "./shape";
import type { SortShape } from "./shape";
import { endSort, journaledSort, publish, temporarySort } from "./sort-work";
import type { SortPlan, SortWork } from "./sort-work";

export interface SortFilesOptions {
  /** The file for the answer, which appears whole or not at all; may be one of the inputs. */
  readonly out: string;
  /** Default: whole lines by their bytes. */
  readonly shape?: SortShape;
  /** The first line of each file is its header: that of the first goes first. Default false. */
  readonly hasHeader?: boolean;
  /**
   * What the sort may add to the memory of the process, its threads included; default 256 MiB. At
   * least 10 MiB, 18 MiB for each worker, and 16 KiB for each split beyond 128.
   */
  readonly memoryBytes?: number;
  /** Threads, 1 to 64; default one a core. */
  readonly workers?: number;
  /** Ranges of keys that are merged apart; default: 2 a worker, 1 for small files. */
  readonly ranges?: number;
  /** Input of a run task, at most; default: what a thread's memory holds. */
  readonly splitBytes?: number;
  /**
   * Files that the threads may have open together, at least 6 for each; default: as many more as
   * the system lets the process open. A run that is merged takes two.
   */
  readonly openFiles?: number;
  /**
   * A folder for the sort's work, which outlives a process that is killed: the same sort of the
   * same files does only what is missing then. Removed when the sort is done.
   */
  readonly resume?: string;
  readonly coordinator?: Partial<Pick<SortCoordinatorOptions, "checkMs" | "leaseMs">>;
  /** Told after each task, in bytes; each byte counts twice, when sorted and when merged. */
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
  /** Told each executor as it starts: a test or a notebook can kill it. */
  readonly onExecutor?: (worker: NodeId, executor: SortExecutor) => void;
}

export interface SortFilesResult {
  readonly records: number;
  readonly bytes: number;
  readonly runs: number;
  readonly ranges: number;
  /** 1: all runs were merged at once; more: how often a byte was merged at most. */
  readonly passes: number;
  readonly elapsedMs: number;
  /** Tasks that an earlier process had done, see `resume`. */
  readonly tasksKept: number;
  /** What the coordinator noted: attempts, losses, the plan. */
  readonly notes: readonly ControlNote[];
  /** Every attempt at a task, with its worker, start and end. */
  readonly spans: readonly TaskSpan[];
}

/** Samples of all runs, for the ranges: more cost memory, fewer make ranges less equal. */
const samplesOfAll = 4_096;

/**
 * Sorts the files into one. Throws InputError for bad input and a full disk, RangeError for options
 * out of range; leaves no half output behind, and no runs but those that `resume` asks for.
 */
export async function sortFiles(
  files: readonly string[],
  options: SortFilesOptions,
): Promise<SortFilesResult> {
  const startMs = performance.now();
  const { shape = { kind: "lines" }, out } = options;
  checkShape(shape);
  checkInputs(files, shape);
  if (options.ranges !== undefined) {
    wholeInRange("ranges", options.ranges, { min: 1, max: 10_000 });
  }
  const total = files.reduce((sum, file) => sum + statSync(file).size, 0);
  const { workers, arenaBytes, splitBytes } = shareMemory(options, total);
  const openRuns = runsOpenAtOnce(options.openFiles, workers);
  const headers = files.map((file) =>
    options.hasHeader ? readHeader(file, shape) : Buffer.alloc(0),
  );
  const makePlan = (): SortPlan => {
    const inputs = files.map((file, i) => {
      return { file: resolve(file), startByte: (headers[i] as Buffer).length };
    });
    const ranges = options.ranges ?? Math.min(2 * workers, Math.ceil(total / leastRangeBytes));
    return { splits: cutInputs(inputs, { splitBytes, shape }), ranges };
  };
  const { resume } = options;
  const work =
    resume === undefined
      ? temporarySort(out, makePlan)
      : journaledSort(resume, { files, out, shape, options }, makePlan);
  const { folder, plan, output, journal, saved } = work;
  try {
    const outputStart = writeHeader(work, headers[0] as Buffer);
    const common = commonBeginning(files, shape);
    const { partialPath: outputFile } = output;
    const samplesPerRun = Math.max(4, Math.min(64, Math.floor(samplesOfAll / plan.splits.length)));
    const room = { arenaBytes, openRuns, samplesPerRun };
    const setUp = { shape, common, ...room, folder, outputFile, outputStart };
    const startExecutor = (worker: NodeId): SortExecutor => {
      const executor = startSortThread({ ...setUp, worker });
      options.onExecutor?.(worker, executor);
      return executor;
    };
    const notes: ControlNote[] = [];
    const { records, bytes, runs, ranges, passes } = await runSortCluster(startExecutor, {
      workers: Math.max(1, Math.min(workers, plan.splits.length)),
      coordinator: { ...options.coordinator, ...plan, runsAt: "shared" },
      signal: options.signal,
      onNote: progressOf(notes, 2 * total, options.onProgress),
      ...{ saved, onSave: journal && ((key, value) => journal.save(key, value)) },
    });
    publish(work);
    const elapsedMs = performance.now() - startMs;
    const told = { tasksKept: keptTasks(notes), notes, spans: taskSpans(notes) };
    return { records, bytes, runs, ranges, passes, elapsedMs, ...told };
  } finally {
    endSort(work);
  }
}

/** Returns where the first record goes. What an earlier process has written stays the same. */
function writeHeader({ output }: SortWork, header: Buffer): number {
  const lacksEnd = header.length > 0 && header.at(-1) !== newline;
  if (header.length > 0) output.write(header);
  if (lacksEnd) output.write("\n");
  return header.length + (lacksEnd ? 1 : 0);
}

/** Keeps the notes, and tells the bytes of tasks that are done. */
function progressOf(
  notes: ControlNote[],
  total: number,
  onProgress: SortFilesOptions["onProgress"],
): (note: ControlNote) => void {
  let done = 0;
  return (note) => {
    notes.push(note);
    if (note.label !== "taskDone" && note.label !== "coordinatorResumed") return;
    done += (note.detail as { bytes: number }).bytes;
    onProgress?.(Math.min(done, total), total);
  };
}
