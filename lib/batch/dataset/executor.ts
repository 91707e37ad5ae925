/** The thread of a worker as the session sees it. */
import { join } from "path";
import type { TaskProgress } from "../task-worker";
import { WarmExecutor } from "../warm-executor";
import type { DatasetAnswer, ExecuteDatasetTask } from "./control/messages";
import type { DatasetOrder, DatasetSetUp } from "./data-plane/serve";

export type ExecutorAnswer = DatasetAnswer | TaskProgress;

export class DatasetExecutor extends WarmExecutor<ExecuteDatasetTask, ExecutorAnswer> {
  /** `isFolderKept`: what it wrote for shuffles outlives the thread. */
  constructor(setUp: DatasetSetUp, isFolderKept: boolean) {
    const begin: DatasetOrder = { type: "beginDatasets", setUp };
    super(join(setUp.sessionFolder, setUp.worker), begin, isFolderKept);
  }

  order(order: DatasetOrder): void {
    this.post(order);
  }

  /** The thread may serve others, unless a module was loaded, which may change until then. */
  async release({ isKept }: { isKept: boolean }): Promise<void> {
    return isKept ? this.giveBack({ type: "endDatasets" }) : this.stop();
  }
}
