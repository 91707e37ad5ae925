import { mkdirSync, rmSync } from "fs";
import { join } from "path";
import { Worker } from "worker_threads";
import type { NodeId } from "../../protocol";
import type { Executor } from "./tasks";
import type { WorkerSetUp } from "./worker-thread";

/**
 * Starts the executor thread of a worker. Its folder is its disk: when the thread dies, the disk
 * is gone with it, as when a machine dies.
 */
export function startThread(worker: NodeId, job: Omit<WorkerSetUp, "worker" | "folder">): Executor {
  const folder = join(job.jobFolder, worker);
  mkdirSync(folder, { recursive: true });
  const workerData: WorkerSetUp = { ...job, worker, folder };
  const thread = new Worker(join(__dirname, "worker-thread.js"), { workerData });
  let death = "the thread ended";
  thread.on("error", (error) => (death = error.message));
  return {
    execute: (request) => thread.postMessage(request),
    onAnswer: (listener) => void thread.on("message", listener),
    onExit: (listener) =>
      void thread.on("exit", () => {
        rmSync(folder, { recursive: true, force: true });
        listener(death);
      }),
    stop: async () => void (await thread.terminate()),
  };
}
