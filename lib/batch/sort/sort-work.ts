/**
 * Where a sort works: a folder for its runs and a partial output, which vanish with it, or outlive
 * the process, with a journal, so that the same sort goes on where an earlier process was killed.
 */
import { randomUUID } from "crypto";
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from "fs";
import { tmpdir } from "os";
import { join, resolve } from "path";
import { AtomicFile } from "../../basics";
import type { Saved } from "../coordinator-lives";
import { identityOfFiles } from "../job-identity";
import { JobJournal } from "../job-journal";
import type { SavedSortTask } from "./control/sort-book";
import { indexBytes } from "./data-plane/run-writer";
import type { SortShape } from "./shape";
import type { MadeRun, SortSplit } from "./tasks";

/** What the first process decides, and later ones keep to. */
export interface SortPlan {
  readonly splits: readonly SortSplit[];
  readonly ranges: number;
}

export interface SortWork {
  /** Where runs go. */
  readonly folder: string;
  readonly plan: SortPlan;
  readonly output: AtomicFile;
  readonly journal?: JobJournal<BegunSort>;
  /** What is left of the work of earlier processes. */
  readonly saved?: Saved;
}

type BegunSort = SortPlan & { readonly partialPath: string };

interface NewSort {
  readonly files: readonly string[];
  readonly out: string;
  readonly shape: SortShape;
  readonly options: {
    readonly hasHeader?: boolean;
    readonly ranges?: number;
    readonly splitBytes?: number;
  };
}

export function temporarySort(out: string, makePlan: () => SortPlan): SortWork {
  const output = new AtomicFile(out);
  try {
    const plan = makePlan();
    const folder = mkdtempSync(join(tmpdir(), "dabbawala-sort-"));
    return { folder, plan, output };
  } catch (error) {
    output.abandon();
    throw error;
  }
}

/** Throws InputError when the folder has the work of another sort, input or option. */
export function journaledSort(
  folder: string,
  { files, out, shape, options }: NewSort,
  makePlan: () => SortPlan,
): SortWork {
  const { hasHeader = false, ranges = "default", splitBytes = "default" } = options;
  const identity = {
    "the order": JSON.stringify(shape),
    "the output": resolve(out),
    ...identityOfFiles(files),
    ...{ hasHeader: `${hasHeader}`, ranges: `${ranges}`, splitBytes: `${splitBytes}` },
  };
  const partialPath = `${resolve(out)}.partial-${randomUUID().slice(0, 8)}`;
  const journal = new JobJournal(folder, identity, () => ({ ...makePlan(), partialPath }));
  try {
    const { workFolder, begun: plan } = journal;
    keepWhole(journal);
    const output = new AtomicFile(out, plan.partialPath);
    return { folder: workFolder, plan, output, journal, saved: journal.saved };
  } catch (error) {
    journal.close();
    throw error;
  }
}

/**
 * Renames the output without `fsync`, as `sort` does: a process that is killed leaves no half
 * output, a power failure may.
 */
export function publish({ output, journal }: SortWork): void {
  renameSync(output.partialPath, output.path);
  journal?.remove();
}

/** After `publish` nothing is left; else what a journal has is kept. */
export function endSort({ output, folder, journal }: SortWork): void {
  if (journal === undefined) {
    output.abandon();
    return rmSync(folder, { recursive: true, force: true });
  }
  output.leave();
  journal.close();
}

/**
 * Forgets what is not whole. Without the partial output all ranges are merged again; where a run is
 * not whole, it may be cut otherwise now, and so are the ranges. Files of no run go.
 */
function keepWhole(journal: JobJournal<BegunSort>): void {
  const { saved = {}, workFolder, begun } = journal;
  const tasks = Object.entries(saved).filter(([key]) => key.startsWith("task/"));
  const broken = tasks.filter(([, task]) => !runsOf(task).every(isWhole));
  if (broken.length > 0 || !existsSync(begun.partialPath)) {
    const isRange = (key: string): boolean => Number(key.slice(5)) >= begun.splits.length;
    for (const [key] of tasks) if (isRange(key)) journal.forget(key);
  }
  if (broken.length > 0) journal.forget("plan");
  for (const [key] of broken) journal.forget(key);
  const whole = tasks.filter((task) => !broken.includes(task));
  const names = new Set(whole.flatMap(([, task]) => runsOf(task).flatMap(filesOf)));
  for (const name of readdirSync(workFolder)) {
    const file = join(workFolder, name);
    if (!names.has(file)) rmSync(file);
  }
}

function runsOf(task: unknown): readonly MadeRun[] {
  return (Object(task) as SavedSortTask).runs ?? [];
}

function filesOf({ file }: MadeRun): string[] {
  return [file, `${file}.index`, `${file}.blocks`];
}

function isWhole(run: MadeRun): boolean {
  const [data, index, blocks] = filesOf(run).map((file) => {
    return statSync(file, { throwIfNoEntry: false })?.size;
  });
  return data === run.bytes && index === run.records * indexBytes && blocks !== undefined;
}
