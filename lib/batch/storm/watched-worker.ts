import type { TaskMessage, TaskWorker } from "../task-worker";

/** The worker, noting what it is told to forget. */
export function watched(worker: typeof TaskWorker): typeof TaskWorker {
  return class extends worker {
    override handle(...[event, host]: Parameters<TaskWorker["handle"]>): void {
      super.handle(event, host);
      const message: TaskMessage | undefined = event.kind === "message" ? event.message : undefined;
      if (message?.type === "noted") host.note("answerNoted", message.attemptId);
    }
  };
}
