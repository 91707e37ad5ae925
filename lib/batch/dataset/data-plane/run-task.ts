/** One task of a worker: a partition computed, and shared out for a shuffle or given to the job. */
import { join } from "path";
import type { DatasetTask } from "../control/messages";
import type { SortKey } from "../options";
import type { ShippedFunction } from "../steps";
import { Evaluation } from "./evaluation";
import type { Workshop } from "./part";
import { KeySample } from "./key-sample";
import { partFile, resultFile } from "./result-files";
import { RowFile } from "./row-file";
import { share } from "./sharers";
import { FunctionError } from "./functions";

/** What a job does with each partition of its target. */
export type Action =
  /** At most so many rows of it. */
  | { readonly kind: "collect"; readonly limit?: number }
  | { readonly kind: "count" }
  | { readonly kind: "fold"; readonly zero: unknown; readonly call: ShippedFunction }
  | { readonly kind: "reduce"; readonly call: ShippedFunction }
  /** Draws keys, to find where ranges meet. */
  | { readonly kind: "sampleKeys"; readonly call: ShippedFunction; readonly seed: number }
  /** Files `part-00000` and so on in a folder. */
  | { readonly kind: "files"; readonly folder: string };

export interface TaskResult {
  readonly rows: number;
  readonly bytes: number;
}

export async function runTask(
  evaluation: Evaluation,
  action: Action | undefined,
): Promise<TaskResult> {
  const { task, workshop } = evaluation;
  if (task.kind === "shuffle") return runShuffleTask(evaluation);
  if (action === undefined) throw new Error(`job ${task.of} was never told to this worker`);
  const folder = join(workshop.sessionFolder, workshop.worker);
  const file =
    action.kind === "files"
      ? partFile(action.folder, task.partition) + `.${workshop.worker}`
      : resultFile(folder, task.of, task.partition);
  const target = new RowFile(file);
  try {
    await act(action, evaluation, target);
    return target.finish();
  } catch (error) {
    target.abandon();
    throw error;
  }
}

async function runShuffleTask(evaluation: Evaluation): Promise<TaskResult> {
  const { task, workshop } = evaluation;
  const reader = readerOf(task, workshop);
  const sharing = reader.sharings[task.of];
  if (sharing === undefined) throw new Error(`shuffle ${task.of} was never told to this worker`);
  const { of: shuffle, partition } = task;
  return share(task.step, sharing, { shuffle, partition, reader, evaluation });
}

function readerOf(task: DatasetTask, { steps }: Workshop) {
  for (const step of steps.values()) if (task.of in step.sharings) return step;
  throw new Error(`no step reads shuffle ${task.of}`);
}

async function act(action: Action, evaluation: Evaluation, target: RowFile): Promise<void> {
  const { step, partition } = evaluation.task;
  const each = (listen: (rows: readonly unknown[]) => boolean | void): Promise<void> =>
    evaluation.produce(step, partition, (rows) => listen(rows) !== false);
  const call = "call" in action ? evaluation.workshop.callOf.get(action.call, step) : undefined;
  switch (action.kind) {
    case "files":
      return each((rows) => target.add(rows));
    case "collect":
      return collect(action.limit ?? Infinity, each, target);
    case "count": {
      let count = 0;
      await each((rows) => void (count += rows.length));
      return target.add([count]);
    }
    case "fold":
    case "reduce": {
      let folded: unknown[] = action.kind === "fold" ? [action.zero] : [];
      await each((rows) => void (folded = foldRows(folded, rows, call as Fold)));
      return target.add(folded);
    }
    case "sampleKeys": {
      const sample = new KeySample(action.seed, partition);
      await each((rows) => sample.add(rows, call as (row: unknown) => SortKey));
      return target.add([sample.result()]);
    }
  }
}

type Each = (listen: (rows: readonly unknown[]) => boolean | void) => Promise<void>;

async function collect(limit: number, each: Each, target: RowFile): Promise<void> {
  let left = limit;
  await each((rows) => {
    target.add(rows.length > left ? rows.slice(0, left) : rows);
    left -= rows.length;
    return left > 0;
  });
}

type Fold = (left: unknown, right: unknown) => unknown;

/** None or one value, and the rows. */
function foldRows(folded: readonly unknown[], rows: readonly unknown[], call: Fold): unknown[] {
  try {
    let [value] = folded;
    rows.forEach((row, i) => {
      value = i === 0 && folded.length === 0 ? row : call(value, row);
    });
    return rows.length === 0 ? [...folded] : [value];
  } catch (error) {
    throw new FunctionError(`fold: ${(error as Error).message}`);
  }
}
