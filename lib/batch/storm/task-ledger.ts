/**
 * Who did what, told by the notes of a job or a sort: a task that is done is done once, until it is
 * opened again, and a coordinator that comes back has forgotten nothing that it had answered.
 */
import type { StormFailure } from "../../hosts";

export interface LedgerNote {
  readonly label: string;
  readonly detail: unknown;
}

interface Told {
  readonly taskId: number;
  readonly attemptId: number;
}

export class TaskLedger {
  /** With the attempt whose result counts. */
  readonly done = new Map<number, number>();
  /** The first thing that was wrong. */
  failure: StormFailure | undefined;
  /** Task by attempt, of all that were ever done. */
  private readonly taken = new Map<number, number>();
  /** Tasks that are done and whose workers were told so. */
  private readonly promised = new Set<number>();

  hear({ label, detail }: LedgerNote): void {
    const told = Object(detail) as Partial<Told>;
    if (label === "taskDone") this.hearDone(told as Told);
    if (label === "taskRedone") this.hearRedone(told.taskId ?? Number(detail));
    if (label === "answerNoted") this.hearNoted(Number(detail));
    if (label === "coordinatorResumed") this.hearResumed((detail as { done: number[] }).done);
  }

  private hearDone({ taskId, attemptId }: Told): void {
    if (this.done.has(taskId)) this.fail("doneOnce", `task ${taskId} is done twice`);
    this.done.set(taskId, attemptId);
    this.taken.set(attemptId, taskId);
  }

  private hearRedone(taskId: number): void {
    if (!this.done.delete(taskId)) this.fail("doneOnce", `task ${taskId} is redone, but not done`);
    this.promised.delete(taskId);
  }

  private hearNoted(attemptId: number): void {
    const taskId = this.taken.get(attemptId);
    if (taskId !== undefined && this.done.get(taskId) === attemptId) this.promised.add(taskId);
  }

  /** What was done and not yet told may be forgotten, and will be told again. */
  private hearResumed(tasks: readonly number[]): void {
    const restored = new Set(tasks);
    const ever = new Map([...this.taken].map(([attemptId, taskId]) => [taskId, attemptId]));
    for (const taskId of this.promised) {
      if (!restored.has(taskId)) this.fail("notForgotten", `task ${taskId} was done and answered`);
    }
    this.done.clear();
    for (const taskId of restored) {
      const attemptId = ever.get(taskId);
      if (attemptId === undefined) this.fail("doneOnce", `task ${taskId} was never done`);
      else this.done.set(taskId, attemptId);
    }
  }

  private fail(property: string, detail: string): void {
    this.failure ??= { property, detail };
  }
}
