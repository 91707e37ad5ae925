import { mkdirSync, rmSync } from "fs";
import { join } from "path";
import type { Worker } from "worker_threads";
import type { NodeId } from "../../protocol";
import type { Executor, ExecutorAnswer } from "./tasks";
import { keepThread, takeThread } from "./warm-threads";
import type { WorkerSetUp } from "./worker-thread";

/**
 * The executor thread of a worker. Its folder is its disk: when the thread dies, the disk is gone
 * with it, as when a machine dies.
 */
export function startThread(worker: NodeId, job: Omit<WorkerSetUp, "worker" | "folder">): Executor {
  return new ThreadExecutor({ ...job, worker, folder: join(job.jobFolder, worker) });
}

class ThreadExecutor implements Executor {
  private readonly thread: Worker;
  private readonly listeners: [event: string, listener: (value: unknown) => void][] = [];
  private death = "the thread ended";
  private tasks = 0;

  constructor(private readonly setUp: WorkerSetUp) {
    mkdirSync(setUp.folder, { recursive: true });
    this.thread = takeThread();
    this.listen("error", (error: Error) => (this.death = error.message));
    this.thread.postMessage({ type: "begin", setUp });
  }

  execute(request: Parameters<Executor["execute"]>[0]): void {
    this.tasks++;
    this.thread.postMessage(request);
  }

  onAnswer(listener: (answer: ExecutorAnswer) => void): void {
    this.listen("message", (answer: ExecutorAnswer) => {
      if (answer.type !== "progress") this.tasks--;
      listener(answer);
    });
  }

  onExit(listener: (reason: string) => void): void {
    this.listen("exit", () => {
      rmSync(this.setUp.folder, { recursive: true, force: true });
      listener(this.death);
    });
  }

  async stop(): Promise<void> {
    await this.thread.terminate();
  }

  /** A module may change until the next job, and a task that is still running cannot be stopped. */
  async release(): Promise<void> {
    if (this.tasks > 0 || this.setUp.shipped.kind === "module") return this.stop();
    for (const [event, listener] of this.listeners) this.thread.off(event, listener);
    keepThread(this.thread);
  }

  private listen<T>(event: string, listener: (value: T) => void): void {
    this.listeners.push([event, listener as (value: unknown) => void]);
    this.thread.on(event, listener);
  }
}
