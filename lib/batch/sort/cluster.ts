/** The cluster on this machine: coordinator and workers as nodes, and a thread for each worker. */
import { InputError } from "../../basics";
import type { NodeId } from "../../protocol";
import { LocalCluster } from "../local-cluster";
import type { ControlNote, LocalClusterParts } from "../local-cluster";
import { TaskWorker } from "../task-worker";
import { SortCoordinator } from "./control/coordinator";
import type { SortCoordinatorOptions, SortOutcome } from "./control/coordinator";
import type { SortExecutor } from "./executor";

export interface SortClusterOptions {
  readonly workers: number;
  readonly coordinator: Partial<SortCoordinatorOptions>;
  readonly signal?: AbortSignal;
  readonly onNote: (note: ControlNote) => void;
  /** What an earlier process has left. */
  readonly saved?: LocalClusterParts<SortExecutor>["saved"];
  /** May throw: the sort ends then. */
  readonly onSave?: LocalClusterParts<SortExecutor>["onSave"];
}

/** Runs the sort to its end; rejects with the reason when it fails or is aborted. */
export async function runSortCluster(
  startExecutor: (worker: NodeId) => SortExecutor,
  { workers, coordinator, signal, onNote, saved, onSave }: SortClusterOptions,
): Promise<SortOutcome> {
  signal?.throwIfAborted();
  let settle: Settle | undefined;
  const ended = new Promise<SortOutcome>((done, fail) => (settle = { done, fail }));
  const abort = (): void => settle?.fail(signal?.reason as Error);
  signal?.addEventListener("abort", abort, { once: true });
  const cluster = new LocalCluster({
    ...{ workers, saved },
    onSave: (key, value) => {
      try {
        onSave?.(key, value);
      } catch (error) {
        settle?.fail(error as Error);
      }
    },
    coordinator: (id) => new SortCoordinator(id, [], coordinator),
    worker: (id, coordinatorId) => new TaskWorker(id, [coordinatorId]),
    startExecutor,
    onNote: (note) => {
      onNote(note);
      hear(note, settle);
    },
    onAllDead: (reason) => settle?.fail(new Error(`all workers died: ${reason}`)),
  });
  try {
    cluster.start();
    return await ended;
  } finally {
    signal?.removeEventListener("abort", abort);
    await cluster.close((executor) => executor.stop());
  }
}

interface Settle {
  done(outcome: SortOutcome): void;
  fail(error: Error): void;
}

function hear({ label, detail }: ControlNote, settle: Settle | undefined): void {
  if (label !== "sortDone" && label !== "sortFailed") return;
  const outcome = detail as SortOutcome;
  if (label === "sortDone") settle?.done(outcome);
  else if (outcome.isFinal) settle?.fail(new InputError(outcome.reason));
  else settle?.fail(new Error(`the sort failed: ${outcome.reason}`));
}
