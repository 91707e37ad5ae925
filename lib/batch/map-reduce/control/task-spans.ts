/** The attempts of a job or a sort as spans of time, for timelines: of real runs and simulated. */
import type { NodeId } from "../../../protocol";
import type { ControlNote } from "../../local-cluster";
import type { SortTask } from "../../sort/tasks";
import type { Phase } from "./task-table";

export interface TaskSpan {
  readonly worker: NodeId;
  readonly taskId: number;
  readonly kind: Phase | SortTask["kind"];
  readonly isBackup: boolean;
  readonly startMs: number;
  readonly endMs: number;
  /**
   * "done": its result was taken; "beaten": another attempt was first; "failed": user code, or an
   * input was lost; "lost": with its worker, or its messages; "unfinished": at the end of the job.
   */
  readonly outcome: "done" | "beaten" | "failed" | "lost" | "unfinished";
}

interface Told {
  readonly attemptId: number;
  readonly worker: NodeId;
  readonly taskId: number;
  readonly kind: TaskSpan["kind"];
  readonly isBackup?: boolean;
}

type Running = Map<number, Told & { readonly startMs: number }>;

/** From the notes of a job, a sort or a simulation, in the order in which the attempts ended. */
export function taskSpans(notes: readonly ControlNote[]): TaskSpan[] {
  const running: Running = new Map();
  const spans: TaskSpan[] = [];
  const end = (attemptId: number, endMs: number, outcome: TaskSpan["outcome"]): void => {
    const attempt = running.get(attemptId);
    if (attempt === undefined) return;
    running.delete(attemptId);
    const { worker, taskId, kind, isBackup = false, startMs } = attempt;
    spans.push({ worker, taskId, kind, isBackup, startMs, endMs, outcome });
  };
  for (const { atMs, label, detail } of notes) {
    const told = detail as Told;
    if (label === "attemptStarted" || label === "backupStarted") {
      running.set(told.attemptId, { ...told, startMs: atMs });
    } else if (label === "lateAnswerIgnored") end(detail as number, atMs, "beaten");
    else if (label === "workerLost") {
      for (const { attemptId, worker } of [...running.values()]) {
        if (worker === detail) end(attemptId, atMs, "lost");
      }
    } else if (label in outcomes) end(told.attemptId, atMs, outcomes[label] as "done");
  }
  const lastMs = notes.at(-1)?.atMs ?? 0;
  for (const attemptId of [...running.keys()]) end(attemptId, lastMs, "unfinished");
  return spans;
}

const outcomes: Readonly<Record<string, TaskSpan["outcome"]>> = {
  taskDone: "done",
  attemptFailed: "failed",
  attemptForgotten: "lost",
};
