/**
 * The book of a sort's coordinator: every task, what is idle and what is in work. Plain data,
 * changed by the functions here; and what of a task is saved for a coordinator after this one.
 */
import type { NodeId } from "../../../protocol";
import type { MadeRun, SortSplit, SortTask, Splitter } from "../tasks";

export interface SortAttempt {
  readonly attemptId: number;
  readonly worker: NodeId;
  readonly sinceMs: number;
}

export interface SortEntry {
  readonly taskId: number;
  readonly kind: SortTask["kind"];
  readonly split?: SortSplit;
  readonly low?: Splitter;
  readonly high?: Splitter;
  state: "open" | "done";
  attempt?: SortAttempt;
  failures: number;
  /** Of a run task that is done. */
  runs: readonly MadeRun[];
  /** Sorted or merged, of a task that is done. */
  bytes: number;
  /** Of a merge that is done: 1, or more where its runs were too many to merge at once. */
  passes: number;
}

export interface SortBook {
  readonly tasks: SortEntry[];
  /** Tasks that are not done, by kind. */
  readonly open: Record<SortTask["kind"], number>;
  /** Task by attempt in work. */
  readonly attempts: Map<number, SortEntry>;
  /** No task of the kind before this one is idle. */
  readonly firstIdle: Record<SortTask["kind"], number>;
}

export function makeSortBook(splits: readonly SortSplit[]): SortBook {
  const book: SortBook = {
    tasks: [],
    open: { run: 0, merge: 0 },
    attempts: new Map(),
    firstIdle: { run: 0, merge: 0 },
  };
  for (const split of splits) addTask(book, { kind: "run", split });
  return book;
}

export function addTask(
  book: SortBook,
  task: Pick<SortEntry, "kind" | "split" | "low" | "high">,
): void {
  const taskId = book.tasks.length;
  book.tasks.push({ taskId, ...task, state: "open", failures: 0, runs: [], bytes: 0, passes: 1 });
  book.open[task.kind]++;
}

export function isIdle({ state, attempt }: SortEntry): boolean {
  return state === "open" && attempt === undefined;
}

/** The first idle task of a kind; it stays idle until it is assigned. */
export function nextIdle(book: SortBook, kind: SortTask["kind"]): SortEntry | undefined {
  const { tasks, firstIdle } = book;
  for (; firstIdle[kind] < tasks.length; firstIdle[kind]++) {
    const task = tasks[firstIdle[kind]] as SortEntry;
    if (task.kind === kind && isIdle(task)) return task;
  }
  return undefined;
}

function noteIdle({ firstIdle }: SortBook, { taskId, kind }: SortEntry): void {
  firstIdle[kind] = Math.min(firstIdle[kind], taskId);
}

export function beginAttempt(book: SortBook, task: SortEntry, attempt: SortAttempt): void {
  task.attempt = attempt;
  book.attempts.set(attempt.attemptId, task);
}

/** Its answer, should it still come, is ignored; the task is idle unless it is done. */
export function endAttempt(book: SortBook, task: SortEntry): void {
  if (task.attempt === undefined) return;
  book.attempts.delete(task.attempt.attemptId);
  task.attempt = undefined;
  if (task.state === "open") noteIdle(book, task);
}

export function completeTask(
  book: SortBook,
  task: SortEntry,
  { runs, bytes, passes }: Pick<SortEntry, "runs" | "bytes" | "passes">,
): void {
  task.state = "done";
  endAttempt(book, task);
  Object.assign(task, { runs, bytes, passes });
  book.open[task.kind]--;
}

/** A task that was done is to be done again. */
export function reopenTask(book: SortBook, task: SortEntry): void {
  task.state = "open";
  task.runs = [];
  book.open[task.kind]++;
  if (isIdle(task)) noteIdle(book, task);
}

/** A field that is absent is empty, 0 or never was; absent passes are 1. */
export interface SavedSortTask {
  readonly attempt?: Omit<SortAttempt, "sinceMs">;
  readonly failures?: number;
  /** Done; of a merge: no runs. */
  readonly runs?: readonly MadeRun[];
  readonly bytes?: number;
  readonly passes?: number;
}

export function savedTask(task: SortEntry): SavedSortTask {
  const { attempt, failures, state, runs, bytes, passes } = task;
  return {
    ...(attempt && { attempt: { attemptId: attempt.attemptId, worker: attempt.worker } }),
    ...(failures > 0 && { failures }),
    ...(state === "done" && { runs, bytes }),
    ...(state === "done" && passes > 1 && { passes }),
  };
}

/** Puts what was saved into a book; an attempt that was in work counts from now on. */
export function restoreTask(
  book: SortBook,
  task: SortEntry,
  { saved, nowMs }: { saved: SavedSortTask; nowMs: number },
): void {
  task.failures = saved.failures ?? 0;
  if (saved.attempt) beginAttempt(book, task, { ...saved.attempt, sinceMs: nowMs });
  const { runs, bytes = 0, passes = 1 } = saved;
  if (runs) completeTask(book, task, { runs, bytes, passes });
}
