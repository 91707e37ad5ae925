/** The data plane of one worker as the host sees it: a thread. */
import { Worker } from "worker_threads";
import { join } from "path";
import type { LocalExecutor } from "../local-cluster";
import type { ExecuteSort, SortAnswer } from "./tasks";
import type { SortShape } from "./shape";

export interface SortThreadSetUp {
  readonly worker: string;
  readonly shape: SortShape;
  /** What most texts of the first key begin with, one character a byte. */
  readonly common: string;
  readonly arenaBytes: number;
  /** Where runs go, for all workers. */
  readonly folder: string;
  /** The partial output, and where in it the first record goes. */
  readonly outputFile: string;
  readonly outputStart: number;
  /** Runs that the thread may have open at once, 2 at least. */
  readonly openRuns: number;
  /** Keys of each run that are told, 1 at least. */
  readonly samplesPerRun: number;
}

export type SortExecutor = LocalExecutor<ExecuteSort, SortAnswer>;

export function startSortThread(setUp: SortThreadSetUp): SortExecutor {
  const thread = new Worker(join(__dirname, "sort-thread.js"), {
    workerData: setUp,
    // What is big lies in the arena; so little leaves the rest of the memory to it.
    resourceLimits: { maxYoungGenerationSizeMb: 4 },
  });
  let death = "the thread ended";
  thread.on("error", (error) => (death = error.message));
  return {
    execute: (request) => thread.postMessage(request),
    onAnswer: (listener) => void thread.on("message", listener),
    onExit: (listener) => void thread.on("exit", () => listener(death)),
    stop: async () => void (await thread.terminate()),
  };
}
