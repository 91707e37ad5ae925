/** The cluster on this machine: Coordinator and Worker nodes, and a thread for each worker. */
import { InputError } from "../../../basics";
import type { NodeId } from "../../../protocol";
import { LocalCluster } from "../../local-cluster";
import type { ControlNote, LocalClusterParts } from "../../local-cluster";
import { TaskWorker } from "../../task-worker";
import type { Executor } from "../tasks";
import { Coordinator } from "./coordinator";
import type { CoordinatorOptions } from "./options";
import type { JobOutcome, Plan } from "./messages";

export interface ClusterOptions {
  /** Threads that execute tasks. */
  readonly workers: number;
  readonly coordinator?: Partial<Omit<CoordinatorOptions, "plan">>;
  readonly signal?: AbortSignal;
  /** Told after each task: tasks done, tasks in all. */
  readonly onProgress?: (done: number, total: number) => void;
  /** What an earlier process has left of the job. */
  readonly work?: Pick<LocalClusterParts<Executor>, "saved" | "onSave" | "firstWorker">;
  /** Called when the job is done, while the workers' disks are still there. */
  readonly collect?: (result: ClusterResult) => void | Promise<void>;
}

export interface ClusterResult extends JobOutcome {
  readonly notes: readonly ControlNote[];
}

/** Runs the plan to its end. Rejects with the reason when the job fails or is aborted. */
export function runCluster(
  plan: Plan,
  startExecutor: (worker: NodeId) => Executor,
  options: ClusterOptions,
): Promise<ClusterResult> {
  return new JobRun(plan, options).run(startExecutor);
}

class JobRun {
  private readonly notes: ControlNote[] = [];
  private tasksDone = 0;
  private settle: { done(outcome: JobOutcome): void; fail(error: Error): void } | undefined;

  constructor(
    private readonly plan: Plan,
    private readonly options: ClusterOptions,
  ) {}

  async run(startExecutor: (worker: NodeId) => Executor): Promise<ClusterResult> {
    const { signal, collect } = this.options;
    signal?.throwIfAborted();
    const ended = new Promise<JobOutcome>((done, fail) => (this.settle = { done, fail }));
    const abort = (): void => this.settle?.fail(signal?.reason as Error);
    signal?.addEventListener("abort", abort, { once: true });
    const cluster = this.cluster(startExecutor);
    try {
      cluster.start();
      const result = { ...(await ended), notes: this.notes };
      await collect?.(result);
      await cluster.close((executor) => executor.release());
      return result;
    } finally {
      signal?.removeEventListener("abort", abort);
      await cluster.close((executor) => executor.stop());
    }
  }

  private cluster(startExecutor: (worker: NodeId) => Executor): LocalCluster<Executor> {
    const { plan } = this;
    const { workers, coordinator, work } = this.options;
    return new LocalCluster({
      ...work,
      onSave: (key, value) => this.save(key, value),
      workers,
      coordinator: (id) => new Coordinator(id, [], { ...coordinator, plan }),
      worker: (id, coordinatorId) => new TaskWorker(id, [coordinatorId]),
      startExecutor,
      onNote: (note) => this.hear(note),
      onAllDead: (reason) => this.settle?.fail(new Error(`all workers died: ${reason}`)),
    });
  }

  /** A journal that cannot be written ends the job. */
  private save(key: string, value: unknown): void {
    try {
      this.options.work?.onSave?.(key, value);
    } catch (error) {
      this.settle?.fail(error as Error);
    }
  }

  private hear(note: ControlNote): void {
    this.notes.push(note);
    if (note.label === "coordinatorResumed") {
      this.tasksDone += (note.detail as { done: readonly number[] }).done.length;
    }
    const total = this.plan.splits.length + this.plan.partitions;
    if (note.label === "taskDone") this.options.onProgress?.(++this.tasksDone, total);
    if (note.label === "taskRedone") this.tasksDone--;
    if (note.label !== "jobDone" && note.label !== "jobFailed") return;
    const outcome = note.detail as JobOutcome;
    if (note.label === "jobDone") this.settle?.done(outcome);
    else this.settle?.fail(failure(outcome));
  }
}

function failure({ reason, isFinal }: JobOutcome): Error {
  const sentence = `the job failed: ${reason}`;
  return isFinal ? new InputError(sentence) : new Error(sentence);
}
