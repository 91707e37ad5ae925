/** A worker thread's side of a session of data sets: one task at a time, and its cache between. */
import { join } from "path";
import { parentPort } from "worker_threads";
import { InputError } from "../../../basics";
import type { DatasetAnswer, ExecuteDatasetTask, PartitionRef } from "../control/messages";
import { progressTeller } from "../../progress-teller";
import type { ShippedStep } from "../steps";
import { PartitionCache } from "./cache";
import { Evaluation } from "./evaluation";
import type { Workshop } from "./part";
import { CallOf } from "./functions";
import { runTask } from "./run-task";
import type { Action } from "./run-task";
import { LostInputs } from "./shuffle-input";

export interface DatasetSetUp {
  readonly worker: string;
  readonly sessionFolder: string;
  readonly memoryBytes: number;
  readonly cacheBytes: number;
}

/** What the session tells a thread, before the tasks that need it. */
export type DatasetOrder =
  | { readonly type: "beginDatasets"; readonly setUp: DatasetSetUp }
  | { readonly type: "steps"; readonly steps: readonly ShippedStep[] }
  | { readonly type: "job"; readonly job: number; readonly action: Action }
  | { readonly type: "broadcast"; readonly id: number; readonly value: unknown }
  | { readonly type: "dropCached"; readonly refs: readonly PartitionRef[] }
  /** The thread may serve others now. */
  | { readonly type: "endDatasets" }
  | ExecuteDatasetTask;

export class DatasetServer {
  private readonly steps = new Map<number, ShippedStep>();
  private readonly broadcasts = new Map<number, unknown>();
  private readonly actions = new Map<number, Action>();
  private readonly workshop: Workshop;
  private last = Promise.resolve();

  constructor(setUp: DatasetSetUp) {
    const folder = join(setUp.sessionFolder, setUp.worker);
    const cache = new PartitionCache(folder, setUp.cacheBytes);
    this.workshop = { ...setUp, cache, steps: this.steps, callOf: new CallOf(this.broadcasts) };
  }

  hear(order: DatasetOrder): void {
    switch (order.type) {
      case "steps":
        for (const step of order.steps) this.steps.set(step.id, step);
        return;
      case "job":
        return void this.actions.set(order.job, order.action);
      case "broadcast":
        return void this.broadcasts.set(order.id, order.value);
      case "dropCached":
        for (const ref of order.refs) this.workshop.cache.forget(ref);
        return;
      case "execute":
        this.last = this.last.then(() => this.execute(order));
    }
  }

  private async execute({ attemptId, task }: ExecuteDatasetTask): Promise<void> {
    const evaluation = new Evaluation(this.workshop, task, progressTeller(attemptId, tell));
    const { cache } = this.workshop;
    try {
      const action = task.kind === "result" ? this.actions.get(task.of) : undefined;
      const result = await runTask(evaluation, action);
      const dropped = cache.takeDropped();
      const cached = evaluation.cached.filter(({ step, partition }) => cache.has(step, partition));
      const { additions } = evaluation;
      tell({
        type: "executed",
        attemptId,
        rows: result.rows,
        bytes: result.bytes,
        cached,
        dropped,
        additions,
      });
    } catch (error) {
      tell({
        type: "failed",
        attemptId,
        dropped: cache.takeDropped(),
        ...failure(error as Error, this.workshop),
      });
    }
  }
}

function tell(
  answer: DatasetAnswer | { type: "progress"; attemptId: number; fraction: number },
): void {
  parentPort?.postMessage(answer);
}

const noRoom = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

function failure(
  error: NodeJS.ErrnoException,
  { sessionFolder }: Workshop,
): Pick<DatasetAnswer & { type: "failed" }, "reason" | "isFinal" | "lostInputs"> {
  if (error instanceof LostInputs) {
    return { reason: error.message, isFinal: false, lostInputs: error.inputs };
  }
  if (noRoom.has(error.code ?? "")) {
    const remedy = "free some, or set TMPDIR elsewhere";
    const reason = `${sessionFolder} has no room for rows (${error.code}): ${remedy}`;
    return { reason, isFinal: true };
  }
  return { reason: error.message, isFinal: error instanceof InputError };
}
