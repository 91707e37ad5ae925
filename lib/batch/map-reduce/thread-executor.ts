/** The executor thread of a worker, as the job sees it. */
import { join } from "path";
import type { NodeId } from "../../protocol";
import { WarmExecutor } from "../warm-executor";
import type { Executor, ExecutorAnswer, ExecutorRequest } from "./tasks";
import type { WorkerSetUp } from "./worker-thread";

/** `isFolderKept`: what the worker has written outlives it. */
export function startThread(
  worker: NodeId,
  job: Omit<WorkerSetUp, "worker" | "folder">,
  isFolderKept: boolean,
): Executor {
  return new ThreadExecutor({ ...job, worker, folder: join(job.jobFolder, worker) }, isFolderKept);
}

class ThreadExecutor extends WarmExecutor<ExecutorRequest, ExecutorAnswer> implements Executor {
  constructor(
    private readonly setUp: WorkerSetUp,
    isFolderKept: boolean,
  ) {
    super(setUp.folder, { type: "begin", setUp }, isFolderKept);
  }

  /** A module may change until the next job. */
  async release(): Promise<void> {
    return this.setUp.shipped.kind === "module" ? this.stop() : this.giveBack();
  }
}
