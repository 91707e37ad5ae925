/**
 * Jobs over data sets on a simulated cluster: client "c1", coordinator "n0", on machine "m7" the
 * worker "n7" and its executor "xn7", "out" the results. Any fault can be scheduled.
 */
import { wholeInRange } from "../../../basics";
import { Simulator } from "../../../hosts";
import type { NetworkOptions, ScheduledFault, SimulatedNote } from "../../../hosts";
import type { SimulatedDiskOptions } from "../../../hosts";
import type { NodeId, Protocol, Trace } from "../../../protocol";
import { TaskWorker } from "../../task-worker";
import { DatasetCoordinator } from "../control/coordinator";
import type { DatasetCoordinatorOptions } from "../control/options";
import type { DatasetOutcome, JobPlan, PlanStep } from "../control/messages";
import { DatasetClient, ResultStore } from "./client";
import { SimulatedDatasetExecutor, rowCounter } from "./executor";
import type { DatasetSimulationMessage } from "./messages";
import { expectedRows } from "./model";

export interface DatasetSimulationOptions {
  /** Any whole number; default 1. */
  readonly seed?: number;
  /** Machines, 1 to 1,000; default 4. */
  readonly workers?: number;
  /** Run one after the other; what one has cached or shared out the next ones use. */
  readonly plans: readonly JobPlan[];
  /** Partitions that a worker's cache holds, default 100; a row's time, default 10 ms. */
  readonly executor?: { readonly cachedPartitions?: number; readonly msPerRow?: number };
  /** By name of machine ("m7") or node ("n7", "xn7"). */
  readonly faults?: readonly ScheduledFault[];
  readonly network?: Partial<NetworkOptions>;
  /** Of every node; default: what is saved is durable at once. */
  readonly disk?: Partial<SimulatedDiskOptions>;
  readonly coordinator?: Partial<DatasetCoordinatorOptions>;
  /** When jobs that are not done are given up; default an hour. */
  readonly untilMs?: number;
  /** A run of more events is broken off with an error; default 10 million. */
  readonly maxEvents?: number;
  /** Keeps the trace, for space-time diagrams; default false. */
  readonly isTraced?: boolean;
  /** Other classes in the place of the coordinator and worker: to break them on purpose. */
  readonly variant?: {
    readonly coordinator?: typeof DatasetCoordinator;
    readonly worker?: typeof TaskWorker;
  };
}

export interface SimulatedDataset {
  readonly kind: "done" | "failed" | "unfinished";
  readonly reason?: string;
  readonly elapsedMs: number;
  /** Of each job in turn, the partitions it wanted, each a list of rows. */
  readonly results: readonly (readonly (readonly number[] | undefined)[])[];
  /** The same, computed in one go, without a cluster. */
  readonly expected: readonly (readonly (readonly number[])[])[];
  /** Rows that all steps made, each partition of a step counted once: an accumulator. */
  readonly rowsCounted: number;
  readonly notes: readonly SimulatedNote[];
  /** Empty unless `isTraced`. */
  readonly trace: Trace<DatasetSimulationMessage, string>;
  readonly events: number;
}

type AnyClass = Protocol<DatasetSimulationMessage, string, object>;

/** Runs the jobs to their end; throws a RangeError for options out of range. */
export function simulateDataset(options: DatasetSimulationOptions): SimulatedDataset {
  const notes: SimulatedNote[] = [];
  const outcomes: (DatasetOutcome & { sums: Readonly<Record<number, number>> })[] = [];
  let isOver = false;
  const simulator = new Simulator<DatasetSimulationMessage, string>({
    seed: options.seed ?? 1,
    network: options.network,
    ...(options.disk && { disk: options.disk }),
    isTraced: options.isTraced ?? false,
    onNote: (note) => {
      notes.push(note);
      if (note.label === "jobEnded") outcomes.push(note.detail as (typeof outcomes)[number]);
      if (note.label !== "allEnded") return;
      isOver = true;
      simulator.stop();
    },
  });
  addNodes(simulator, options);
  simulator.schedule(...(options.faults ?? []));
  const { nowMs, events } = simulator.run({
    untilMs: options.untilMs ?? 3_600_000,
    maxEvents: options.maxEvents ?? 10_000_000,
  });
  const failed = outcomes.find(({ kind }) => kind === "failed");
  const saved = simulator.savedOf("out");
  return {
    kind: failed !== undefined ? "failed" : isOver ? "done" : "unfinished",
    reason: failed?.reason,
    elapsedMs: nowMs,
    results: options.plans.map(({ job, partitions }) =>
      partitions.map((partition) => saved[`${job}/${partition}`] as number[] | undefined),
    ),
    expected: options.plans.map(({ target, partitions, steps }) => {
      const byId = new Map(steps.map((step) => [step.id, step]));
      return partitions.map((partition) => expectedRows(byId, target, partition));
    }),
    rowsCounted: outcomes.at(-1)?.sums[rowCounter] ?? 0,
    notes,
    events,
    trace: simulator.trace,
  };
}

function addNodes(
  simulator: Simulator<DatasetSimulationMessage, string>,
  options: DatasetSimulationOptions,
): void {
  const { plans, variant = {} } = options;
  const workers = wholeInRange("workers", options.workers ?? 4, { min: 1, max: 1_000 });
  const coordinator = (variant.coordinator ?? DatasetCoordinator) as AnyClass;
  const worker = (variant.worker ?? TaskWorker) as AnyClass;
  const steps = new Map<number, PlanStep>();
  for (const plan of plans) for (const step of plan.steps) steps.set(step.id, step);
  simulator.add("n0", coordinator, { options: options.coordinator ?? {}, peers: [] });
  simulator.add("out", ResultStore as AnyClass, { peers: [] });
  simulator.add("c1", DatasetClient as AnyClass, { options: { plans }, peers: [] });
  for (let i = 1; i <= workers; i++) {
    const id: NodeId = `n${i}`;
    const place = { machine: `m${i}`, peers: ["n0"] };
    simulator.add(id, worker, { ...place, options: {} });
    const data = { ...options.executor, worker: id, steps: [...steps.values()] };
    simulator.add(`x${id}`, SimulatedDatasetExecutor as AnyClass, { ...place, options: data });
  }
}
