/** Coordinators and workers that are wrong on purpose: each forgets one thing it must do. */
import type { Host } from "../../../protocol";
import { aroundHost } from "../../../protocol";
import { firstAttemptId } from "../../coordinator-lives";
import type { Saved } from "../../coordinator-lives";
import { TaskWorker } from "../../task-worker";
import { Coordinator } from "../control/coordinator";
import type { ControlHost } from "../control/coordinator";
import type { EndedAnswer } from "../control/messages";
import type { TaskEntry } from "../control/task-table";

export interface JobVariant {
  readonly id: string;
  /** Of Dean and Ghemawat 2004. */
  readonly section: string;
  readonly coordinator?: typeof Coordinator;
  readonly worker?: typeof TaskWorker;
}

type Complete = Parameters<Coordinator["complete"]>;

class NothingIsRedone extends Coordinator {
  protected override reopen(): void {}
}

class CountersAreAddedAgain extends Coordinator {
  protected override complete(...[task, attempt, answer, host]: Complete): void {
    const counters = { ...task.counters };
    for (const [name, value] of Object.entries(answer.counters)) {
      counters[name] = (counters[name] ?? 0) + value;
    }
    super.complete(task, attempt, { ...answer, counters }, host);
  }
}

class LateAnswersCount extends Coordinator {
  protected override hearLate(from: string, answer: EndedAnswer, host: ControlHost): void {
    if (answer.type !== "executed") return;
    const [ref] = answer.outputs;
    if (ref === undefined) return;
    const taskId = ref.mapTaskId >= 0 ? ref.mapTaskId : this.table.total.map + ref.partition;
    const { attemptId } = answer;
    const attempt = { attemptId, taskId, worker: from, startedMs: 0, isBackup: true, fraction: 1 };
    this.complete(this.table.tasks[taskId] as TaskEntry, attempt, answer, host);
  }
}

class AnswersAreTakenAfterEachRestart extends LateAnswersCount {
  private firstOfLife = 0;
  protected override resume(saved: Saved, life: number, host: ControlHost): void {
    super.resume(saved, life, host);
    this.firstOfLife = firstAttemptId(life);
  }
  protected override hearLate(from: string, answer: EndedAnswer, host: ControlHost): void {
    if (answer.attemptId < this.firstOfLife) super.hearLate(from, answer, host);
  }
}

class AnswersAreToldOnce extends TaskWorker {
  override handle(...[event, host]: Parameters<TaskWorker["handle"]>): void {
    super.handle(event, host);
    this.unnoted.clear();
  }
}

class ReducesStartEarly extends Coordinator {
  protected override nextTask(worker: string): TaskEntry | undefined {
    const isOpen = ({ kind, state, attempts }: TaskEntry): boolean =>
      kind === "reduce" && state === "open" && attempts.length === 0;
    return super.nextTask(worker) ?? this.table.tasks.find(isOpen);
  }
}

class SilentWorkersLive extends Coordinator {
  protected override loseWorker(): void {}
}

class LostAssignmentsStay extends Coordinator {
  protected override noticeLostAssignments(): void {}
}

class PlacesAreOld extends Coordinator {
  protected override reopen(...args: Parameters<Coordinator["reopen"]>): void {
    const { inputs } = this.table;
    super.reopen(...args);
    this.table.inputs = inputs;
  }
  protected override complete(...args: Complete): void {
    const { inputs } = this.table;
    super.complete(...args);
    this.table.inputs = inputs;
  }
}

class RecordsAreNotSkipped extends Coordinator {
  protected override recordsToSkip(): number[] {
    return [];
  }
}

class DoneIsNotSaved extends Coordinator {
  protected override save(task: TaskEntry, host: ControlHost): void {
    if (task.state !== "done") super.save(task, host);
  }
}

class NotedBeforeSaved extends Coordinator {
  protected override hearEnded(from: string, answer: EndedAnswer, host: ControlHost): void {
    const saves: Parameters<Host["save"]>[] = [];
    const save = (key: string, value: unknown): void => void saves.push([key, value]);
    super.hearEnded(from, answer, aroundHost(host, { save }));
    for (const [key, value] of saves) host.save(key, value);
  }
}

class AttemptsAreNumberedAgain extends Coordinator {
  protected override resume(saved: Saved, _life: number, host: ControlHost): void {
    super.resume(saved, 0, host);
  }
}

class WorkersAreForgotten extends Coordinator {
  protected override restoreWorker(): void {}
}

export const jobVariants: readonly JobVariant[] = [
  { id: "maps-of-a-dead-worker-stay-done", section: "3.3", coordinator: NothingIsRedone },
  { id: "counters-of-a-redone-task-add-up", section: "4.9", coordinator: CountersAreAddedAgain },
  { id: "answers-of-beaten-attempts-count", section: "3.3", coordinator: LateAnswersCount },
  { id: "answers-are-told-once", section: "3.3", worker: AnswersAreToldOnce },
  { id: "reduces-start-before-all-maps-end", section: "3.1", coordinator: ReducesStartEarly },
  { id: "silent-workers-are-alive", section: "3.3", coordinator: SilentWorkersLive },
  { id: "lost-assignments-are-waited-for", section: "3.3", coordinator: LostAssignmentsStay },
  { id: "reduces-read-where-maps-once-lay", section: "3.3", coordinator: PlacesAreOld },
  { id: "bad-records-are-not-skipped", section: "4.6", coordinator: RecordsAreNotSkipped },
  { id: "done-tasks-are-not-saved", section: "3.3", coordinator: DoneIsNotSaved },
  { id: "answers-are-noted-before-saved", section: "3.3", coordinator: NotedBeforeSaved },
  {
    id: "attempts-are-numbered-from-1-again",
    section: "3.3",
    coordinator: AttemptsAreNumberedAgain,
  },
  { id: "workers-are-forgotten-in-a-restart", section: "3.3", coordinator: WorkersAreForgotten },
  {
    id: "old-answers-count-again-after-a-restart",
    section: "3.3",
    coordinator: AnswersAreTakenAfterEachRestart,
  },
];
