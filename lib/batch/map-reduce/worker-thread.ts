/** The data plane of a worker: a thread that runs one task at a time and tells how it goes. */
import { parentPort } from "worker_threads";
import type { DatasetOrder, DatasetServer } from "../dataset/data-plane/serve";
import { progressTeller } from "../progress-teller";
import { BadRecordsError } from "./bad-records";
import { dataPlaneOf } from "./data-plane";
import type { DataPlane } from "./data-plane";
import { installFastSplit } from "./fast-split";
import { LostOutputs } from "./reduce-task";
import { receiveJob } from "./ship";
import type { ShippedJob } from "./ship";
import type { Counters, ExecutorAnswer, ExecutorRequest, OutputRef } from "./tasks";

export interface WorkerSetUp {
  readonly shipped: ShippedJob;
  readonly worker: string;
  readonly partitions: number;
  readonly memoryBytes: number;
  readonly maxBadRecords: number;
  /** Holds one folder a worker. */
  readonly jobFolder: string;
  /** This worker's own folder. */
  readonly folder: string;
}

/** The first message of each job; requests follow. */
export interface BeginJob {
  readonly type: "begin";
  readonly setUp: WorkerSetUp;
}

interface Work {
  readonly setUp: WorkerSetUp;
  readonly plane: DataPlane;
}

let work: Work;

function tell(answer: ExecutorAnswer): void {
  parentPort?.postMessage(answer);
}

interface Outcome {
  readonly outputs: readonly OutputRef[];
  readonly counters: Counters;
}

async function run(request: ExecutorRequest, { setUp, plane }: Work): Promise<Outcome> {
  const { task, attemptId, skipRecordsAt } = request;
  if (task.kind === "reduce") return plane.reduce(task, setUp);
  const onProgress = progressTeller(attemptId, tell);
  return plane.map({ ...task, skipRecordsAt }, { ...setUp, onProgress });
}

async function answer(request: ExecutorRequest): Promise<void> {
  const { setUp } = work;
  const { attemptId } = request;
  try {
    tell({ type: "executed", attemptId, ...(await run(request, work)) });
  } catch (error) {
    const reason = reasonOf(error as NodeJS.ErrnoException, setUp);
    const { recordsAt, isFinal } = error instanceof BadRecordsError ? error : noBadRecords;
    const lostOutputs = error instanceof LostOutputs ? error.outputs : undefined;
    tell({ type: "failed", attemptId, reason, recordsAt, isFinal, lostOutputs });
  }
}

const noBadRecords = { recordsAt: undefined, isFinal: undefined };
const noRoom = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

function reasonOf({ code, message }: NodeJS.ErrnoException, { jobFolder }: WorkerSetUp): string {
  if (!noRoom.has(code ?? "")) return message;
  return `${jobFolder} has no room for runs (${code}): free some, or set TMPDIR elsewhere`;
}

installFastSplit();

/** One task at a time: the next begins when the last has ended. */
let last = Promise.resolve();
let datasets: DatasetServer | undefined;

function hear(message: BeginJob | ExecutorRequest): void {
  if (message.type !== "begin") last = last.then(() => answer(message));
  else work = { setUp: message.setUp, plane: dataPlaneOf(receiveJob(message.setUp.shipped)) };
}

/** A thread serves a session of data sets, or jobs of MapReduce; each in its turn. */
parentPort?.on("message", (message: BeginJob | ExecutorRequest | DatasetOrder) => {
  if (message.type === "begin" || message.type === "endDatasets") datasets = undefined;
  if (message.type === "beginDatasets") {
    const { DatasetServer } =
      require("../dataset/data-plane/serve") as typeof import("../dataset/data-plane/serve");
    datasets = new DatasetServer(message.setUp);
  } else if (message.type === "endDatasets") return;
  else if (datasets !== undefined) datasets.hear(message as DatasetOrder);
  else hear(message as BeginJob | ExecutorRequest);
});
