/** The answer of a job: the reduce tasks' files merged into rows, for memory or for a file. */
import { renameSync } from "fs";
import { join } from "path";
import { groupAnswer } from "./group-by/group-answer";
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
 * Takes the answers out of the workers' folders, which vanish with their workers; returns the
 * files in the order of the partitions.
 */
export function takeAnswers(jobFolder: string, outputs: readonly OutputRef[]): string[] {
  const sorted = [...outputs].sort((left, right) => left.partition - right.partition);
  return sorted.map(({ worker, partition }) => {
    const taken = join(jobFolder, answerName(partition));
    renameSync(join(jobFolder, worker, answerName(partition)), taken);
    return taken;
  });
}

/** All rows in the order of their keys, with the keys as they are in the files. */
export function answerRows(
  job: Job | GroupByJob,
  files: readonly string[],
): Iterable<ResultRow<unknown>> {
  if (!isGroupBy(job)) return programmedAnswer(files);
  const rows = groupAnswer(job, files);
  return job.top === undefined ? rows : topRows(rows, job.top);
}

function* programmedAnswer(files: readonly string[]): Generator<ResultRow<unknown>> {
  for (const { key, values } of mergeRuns(files)) yield { key, value: values[0] };
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

/** The rows as a list. */
export function listRows<Result>(
  rows: Iterable<ResultRow<unknown>>,
  { keyText }: AnswerShape,
): ResultRow<Result>[] {
  const list: ResultRow<Result>[] = [];
  for (const { key, value } of rows) list.push({ key: keyText(key), value: value as Result });
  return list;
}
