/** The thread of a worker as the session sees it. Its folder is its disk, and is gone with it. */
import { mkdirSync, rmSync } from "fs";
import { join } from "path";
import type { Worker } from "worker_threads";
import type { LocalExecutor } from "../local-cluster";
import { keepThread, takeThread } from "../map-reduce/warm-threads";
import type { TaskProgress } from "../task-worker";
import type { DatasetAnswer, ExecuteDatasetTask } from "./control/messages";
import type { DatasetOrder, DatasetSetUp } from "./data-plane/serve";

export type ExecutorAnswer = DatasetAnswer | TaskProgress;

export class DatasetExecutor implements LocalExecutor<ExecuteDatasetTask, ExecutorAnswer> {
  private readonly thread: Worker;
  private readonly listeners: [event: string, listener: (value: unknown) => void][] = [];
  private readonly folder: string;
  private death = "the thread ended";
  private tasks = 0;

  constructor(setUp: DatasetSetUp) {
    this.folder = join(setUp.sessionFolder, setUp.worker);
    mkdirSync(this.folder, { recursive: true });
    this.thread = takeThread();
    this.listen("error", (error: Error) => (this.death = error.message));
    this.order({ type: "beginDatasets", setUp });
  }

  /** Does tasks now. */
  get isBusy(): boolean {
    return this.tasks > 0;
  }

  order(order: DatasetOrder): void {
    this.thread.postMessage(order);
  }

  execute(request: ExecuteDatasetTask): void {
    this.tasks++;
    this.order(request);
  }

  onAnswer(listener: (answer: ExecutorAnswer) => void): void {
    this.listen("message", (answer: ExecutorAnswer) => {
      if (answer.type !== "progress") this.tasks--;
      listener(answer);
    });
  }

  onExit(listener: (reason: string) => void): void {
    this.listen("exit", () => {
      rmSync(this.folder, { recursive: true, force: true });
      listener(this.death);
    });
  }

  async stop(): Promise<void> {
    await this.thread.terminate();
  }

  /** The thread may serve others, unless a task is still running or a module was loaded. */
  async release({ isKept }: { isKept: boolean }): Promise<void> {
    if (this.isBusy || !isKept) return this.stop();
    for (const [event, listener] of this.listeners) this.thread.off(event, listener);
    this.order({ type: "endDatasets" });
    keepThread(this.thread);
  }

  private listen<T>(event: string, listener: (value: T) => void): void {
    this.listeners.push([event, listener as (value: unknown) => void]);
    this.thread.on(event, listener);
  }
}
