/** The data plane of one worker of a sort: a thread that runs one task at a time. */
import { join } from "path";
import { parentPort, workerData } from "worker_threads";
import { InputError } from "../../basics";
import { makeArena } from "./data-plane/arena";
import { makeKeyOrder } from "./data-plane/make-key-order";
import { makeRuns } from "./data-plane/make-runs";
import { mergeRuns } from "./data-plane/merge-runs";
import type { SortThreadSetUp } from "./executor";
import type { ExecuteSort, MadeRun, SortAnswer } from "./tasks";

const setUp = workerData as SortThreadSetUp;
const arena = makeArena(setUp.arenaBytes);
const order = makeKeyOrder(setUp.shape, arena, setUp.common);

function run({ attemptId, task }: ExecuteSort): SortAnswer {
  const { shape, folder } = setUp;
  if (task.kind === "merge") {
    const filePrefix = join(folder, `merged-${task.taskId}-${attemptId}`);
    const merged = mergeRuns(task, { ...setUp, arena, order, filePrefix });
    return { type: "executed", attemptId, runs: [], ...merged };
  }
  const filePrefix = join(folder, `run-${task.taskId}-${attemptId}`);
  const runs = makeRuns(task, { ...setUp, arena, order, shape, filePrefix });
  const bytes = runs.reduce((sum: number, { bytes }: MadeRun) => sum + bytes, 0);
  return { type: "executed", attemptId, runs, bytes };
}

const noRoom: Record<string, string> = {
  ENOSPC: "the disk is full: free some space, or set TMPDIR elsewhere",
  EDQUOT: "your share of the disk is full: free some space, or set TMPDIR elsewhere",
  EFBIG: "a file would be larger than the system allows (ulimit -f)",
  EMFILE: "the system lets the process open no more files: let the sort open fewer (openFiles)",
};

function failure(attemptId: number, error: NodeJS.ErrnoException): SortAnswer {
  const remedy = noRoom[error.code ?? ""];
  const isUsers = error instanceof InputError || setUp.shape.kind === "compared";
  const isFinal = remedy !== undefined || isUsers;
  return { type: "failed", attemptId, reason: remedy ?? error.message, isFinal };
}

function answer(request: ExecuteSort): SortAnswer {
  try {
    return run(request);
  } catch (error) {
    return failure(request.attemptId, error as Error);
  }
}

parentPort?.on("message", (request: ExecuteSort) => parentPort?.postMessage(answer(request)));
