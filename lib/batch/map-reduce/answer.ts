/** The answer of a job: the reduce tasks' files merged into rows, for memory or for a file. */
import { renameSync } from "fs";
import { join } from "path";
import { groupAnswer, groupRuns } from "./group-by/group-answer";
import type { GroupRun } from "./group-by/group-answer";
import { isGroupBy } from "./group-by/group-by";
import type { GroupByJob } from "./group-by/group-by";
import { partEnd } from "./group-by/key-reader";
import { topRows } from "./group-by/top-groups";
import type { Job, ResultRow } from "./job";
import type { AnswerShape } from "./output/text-rows";
import { answerName } from "./reduce-task";
import { mergeRuns } from "./run-file";
import type { OutputRef } from "./tasks";

/**
 * The files of the answers in the order of the partitions; they are taken out of the workers'
 * folders where those vanish with their workers.
 */
export function takeAnswers(
  jobFolder: string,
  outputs: readonly OutputRef[],
  isFolderKept: boolean,
): string[] {
  const sorted = [...outputs].sort((left, right) => left.partition - right.partition);
  return sorted.map(({ worker, partition }) => {
    if (isFolderKept) return join(jobFolder, worker, answerName(partition));
    const taken = join(jobFolder, answerName(partition));
    renameSync(join(jobFolder, worker, answerName(partition)), taken);
    return taken;
  });
}

/** All rows in the order of their keys, read from the files as they are asked for. */
export function answerRows(
  job: Job | GroupByJob,
  files: readonly string[],
): Iterable<ResultRow<unknown>> {
  if (!isGroupBy(job)) return programmedAnswer(files);
  return toldAnswer(job, groupRuns(files, { isHeld: false }));
}

function* programmedAnswer(files: readonly string[]): Generator<ResultRow<unknown>> {
  for (const { key, values } of mergeRuns(files)) yield { key, value: values[0] };
}

function toldAnswer(job: GroupByJob, runs: readonly GroupRun[]): Iterable<ResultRow<unknown>> {
  const rows = groupAnswer(job, runs);
  return job.top === undefined ? rows : topRows(rows, job.top);
}

const partEndText = String.fromCharCode(partEnd);

export function answerShape(job: Job | GroupByJob): AnswerShape {
  const same = (key: string): string => key;
  if (!isGroupBy(job)) return { keyColumns: ["key"], keyParts: (key) => [key], keyText: same };
  const keyColumns = job.key.map(({ column }) => column);
  if (keyColumns.length === 1) return { keyColumns, keyParts: (key) => [key], keyText: same };
  const keyParts = (key: string): string[] => key.split(partEndText);
  return { keyColumns, keyParts, keyText: (key) => keyParts(key).join(job.separator) };
}

/** An answer without its files. */
export interface HeldAnswer<Result> {
  readonly rowCount: number;
  readonly rows: () => readonly ResultRow<Result>[];
}

/** Takes the answer into memory; the files may vanish then. Groups stay columns until asked for. */
export function holdAnswer<Result>(
  job: Job | GroupByJob,
  files: readonly string[],
): HeldAnswer<Result> {
  const { keyText } = answerShape(job);
  if (!isGroupBy(job)) {
    const rows = listRows<Result>(programmedAnswer(files), keyText);
    return { rowCount: rows.length, rows: () => rows };
  }
  const runs = groupRuns(files, { isHeld: true });
  const rows = once(() => listRows<Result>(toldAnswer(job, runs.splice(0)), keyText));
  return { rowCount: countRows(job, runs), rows };
}

function countRows({ top }: GroupByJob, runs: readonly GroupRun[]): number {
  let groups = 0;
  for (const run of runs) for (const { size } of run) groups += size;
  return Math.min(groups, top?.count ?? groups);
}

function listRows<Result>(
  rows: Iterable<ResultRow<unknown>>,
  keyText: (key: string) => string,
): ResultRow<Result>[] {
  const list: ResultRow<Result>[] = [];
  for (const { key, value } of rows) list.push({ key: keyText(key), value: value as Result });
  return list;
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
