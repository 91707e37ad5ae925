/** Coordinators and workers that are wrong on purpose: each forgets one thing it must do. */
import type { Host } from "../../../protocol";
import { aroundHost } from "../../../protocol";
import type { Saved } from "../../coordinator-lives";
import { TaskWorker } from "../../task-worker";
import { SortCoordinator } from "../control/coordinator";
import type { SortHost } from "../control/coordinator";
import { isIdle } from "../control/sort-book";
import type { SortEntry } from "../control/sort-book";
import type { SortAnswer } from "../tasks";

export interface SortVariant {
  readonly id: string;
  readonly coordinator?: typeof SortCoordinator;
  readonly worker?: typeof TaskWorker;
}

class NothingIsRedone extends SortCoordinator {
  protected override reopen(): void {}
}

class SilentWorkersLive extends SortCoordinator {
  protected override loseWorker(): void {}
}

class LostAssignmentsStay extends SortCoordinator {
  protected override forget(): void {}
}

class RangesAreMergedEarly extends SortCoordinator {
  protected override nextTask(): SortEntry | undefined {
    const isReady = (task: SortEntry): boolean => task.kind === "merge" && isIdle(task);
    return this.book.tasks.find(isReady) ?? super.nextTask();
  }
}

class AnswersAreToldOnce extends TaskWorker {
  override handle(...[event, host]: Parameters<TaskWorker["handle"]>): void {
    super.handle(event, host);
    for (const attemptId of this.unnoted.keys()) this.running.set(attemptId, 1);
    this.unnoted.clear();
  }
}

class DoneIsNotSaved extends SortCoordinator {
  protected override save(task: SortEntry, host: SortHost): void {
    if (task.state !== "done") super.save(task, host);
  }
}

class NotedBeforeSaved extends SortCoordinator {
  protected override hearEnded(from: string, answer: SortAnswer, host: SortHost): void {
    const saves: Parameters<Host["save"]>[] = [];
    const save = (key: string, value: unknown): void => void saves.push([key, value]);
    super.hearEnded(from, answer, aroundHost(host, { save }));
    for (const [key, value] of saves) host.save(key, value);
  }
}

class AttemptsAreNumberedAgain extends SortCoordinator {
  protected override resume(saved: Saved, _life: number, host: SortHost): void {
    super.resume(saved, 0, host);
  }
}

class WorkersAreForgotten extends SortCoordinator {
  protected override restoreWorker(): void {}
}

/** The ranges that were cut before the restart are cut once more, beside the old ones. */
class RangesAreCutAgain extends SortCoordinator {
  protected override resume(saved: Saved, life: number, host: SortHost): void {
    super.resume({ ...saved, plan: undefined }, life, host);
  }
}

export const sortVariants: readonly SortVariant[] = [
  { id: "runs-of-a-dead-worker-stay-done", coordinator: NothingIsRedone },
  { id: "silent-sorters-are-alive", coordinator: SilentWorkersLive },
  { id: "lost-sort-assignments-are-waited-for", coordinator: LostAssignmentsStay },
  { id: "ranges-are-merged-from-what-is-there", coordinator: RangesAreMergedEarly },
  { id: "sort-answers-are-told-once", worker: AnswersAreToldOnce },
  { id: "done-sort-tasks-are-not-saved", coordinator: DoneIsNotSaved },
  { id: "sort-answers-are-noted-before-saved", coordinator: NotedBeforeSaved },
  { id: "sort-attempts-are-numbered-from-1-again", coordinator: AttemptsAreNumberedAgain },
  { id: "sorters-are-forgotten-in-a-restart", coordinator: WorkersAreForgotten },
  { id: "the-plan-of-ranges-is-forgotten", coordinator: RangesAreCutAgain },
];
