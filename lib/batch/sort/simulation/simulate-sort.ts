/**
 * A distributed sort on a simulated cluster: coordinator "n0", on machine "m7" the worker "n7" and
 * its executor "xn7", "out" the output. Any fault can be scheduled.
 */
import { wholeInRange } from "../../../basics";
import { Simulator } from "../../../hosts";
import type { NetworkOptions, ScheduledFault, SimulatedNote } from "../../../hosts";
import type { SimulatedDiskOptions } from "../../../hosts";
import type { Protocol, Trace } from "../../../protocol";
import { taskSpans } from "../../map-reduce/control/task-spans";
import type { TaskSpan } from "../../map-reduce/control/task-spans";
import { SortCoordinator } from "../control/coordinator";
import type { SortCoordinatorOptions, SortOutcome } from "../control/coordinator";
import { TaskWorker } from "../../task-worker";
import type { TaskWorkerOptions } from "../../task-worker";
import { SimulatedSortExecutor } from "./executor";
import type { SimulatedRecord, SortSimulationMessage } from "./messages";
import { OutputFile } from "./output-file";

export interface SortSimulationOptions {
  /** Any whole number; default 1. */
  readonly seed?: number;
  /** Machines, 1 to 1,000; default 4. */
  readonly workers?: number;
  /** What is sorted, in the order of the input; compared as text. */
  readonly keys: readonly string[];
  /** Records that make one run; default 20. */
  readonly splitRecords?: number;
  /** Default: as the coordinator's. */
  readonly ranges?: number;
  /** By name of machine ("m7") or node ("n7", "xn7"). */
  readonly faults?: readonly ScheduledFault[];
  readonly network?: Partial<NetworkOptions>;
  /** Of every node; default: what is saved is durable at once. */
  readonly disk?: Partial<SimulatedDiskOptions>;
  readonly coordinator?: Partial<SortCoordinatorOptions>;
  /** When a sort that is not done is given up; default an hour. */
  readonly untilMs?: number;
  /** A run of more events is broken off with an error; default 10 million. */
  readonly maxEvents?: number;
  /** Keeps the trace, for space-time diagrams; default false. */
  readonly isTraced?: boolean;
  /** Other classes in the place of the coordinator and worker: to break them on purpose. */
  readonly variant?: {
    readonly coordinator?: typeof SortCoordinator;
    readonly worker?: typeof TaskWorker;
  };
}

export interface SimulatedSort {
  readonly kind: "done" | "failed" | "unfinished";
  readonly reason?: string;
  readonly elapsedMs: number;
  /** The ranges one after the other; empty unless done. */
  readonly records: readonly SimulatedRecord[];
  /** Records of each range. */
  readonly rangeSizes: readonly number[];
  readonly notes: readonly SimulatedNote[];
  /** Every attempt at a task, with its worker, start and end. */
  readonly spans: readonly TaskSpan[];
  /** Empty unless `isTraced`. */
  readonly trace: Trace<SortSimulationMessage, string>;
  readonly events: number;
}

type AnyClass = Protocol<SortSimulationMessage, string, object>;

/** Runs the sort to its end; throws a RangeError for options out of range. */
export function simulateSort(options: SortSimulationOptions): SimulatedSort {
  const notes: SimulatedNote[] = [];
  let outcome: SortOutcome | undefined;
  const simulator = new Simulator<SortSimulationMessage, string>({
    seed: options.seed ?? 1,
    network: options.network,
    ...(options.disk && { disk: options.disk }),
    isTraced: options.isTraced ?? false,
    onNote: (note) => {
      notes.push(note);
      if (note.label !== "sortDone" && note.label !== "sortFailed") return;
      outcome = note.detail as SortOutcome;
      simulator.stop();
    },
  });
  addNodes(simulator, options);
  simulator.schedule(...(options.faults ?? []));
  const { nowMs, events } = simulator.run({
    untilMs: options.untilMs ?? 3_600_000,
    maxEvents: options.maxEvents ?? 10_000_000,
  });
  const isDone = outcome !== undefined && outcome.reason === undefined;
  const ranges = isDone ? rangesOf(simulator.savedOf("out")) : [];
  return {
    kind: outcome === undefined ? "unfinished" : isDone ? "done" : "failed",
    reason: outcome?.reason,
    elapsedMs: nowMs,
    records: ranges.flat(),
    rangeSizes: ranges.map(({ length }) => length),
    notes,
    spans: taskSpans(notes),
    trace: simulator.trace,
    events,
  };
}

function rangesOf(saved: Readonly<Record<string, unknown>>): SimulatedRecord[][] {
  return Object.entries(saved)
    .map(([key, records]) => ({ taskId: Number(key.slice("range/".length)), records }))
    .sort((left, right) => left.taskId - right.taskId)
    .map(({ records }) => records as SimulatedRecord[]);
}

function addNodes(
  simulator: Simulator<SortSimulationMessage, string>,
  options: SortSimulationOptions,
): void {
  const { keys, splitRecords = 20, variant = {} } = options;
  const workers = wholeInRange("workers", options.workers ?? 4, { min: 1, max: 1_000 });
  wholeInRange("splitRecords", splitRecords, { min: 1, max: 1_000_000 });
  const splits = Array.from({ length: Math.ceil(keys.length / splitRecords) }, (_, i) => {
    const startByte = i * splitRecords;
    return { file: "in", startByte, endByte: Math.min(startByte + splitRecords, keys.length) };
  });
  const master: Partial<SortCoordinatorOptions> = {
    ...(options.ranges !== undefined && { ranges: options.ranges }),
    ...options.coordinator,
    splits,
  };
  const coordinator = (variant.coordinator ?? SortCoordinator) as AnyClass;
  const worker = (variant.worker ?? TaskWorker) as AnyClass;
  simulator.add("n0", coordinator, { options: master, peers: [] });
  simulator.add("out", OutputFile as AnyClass, { peers: [] });
  for (let i = 1; i <= workers; i++) {
    const place = { machine: `m${i}`, peers: ["n0"] };
    const control: Partial<TaskWorkerOptions> = {};
    simulator.add(`n${i}`, worker, { ...place, options: control });
    const data = { worker: `n${i}`, keys };
    simulator.add(`xn${i}`, SimulatedSortExecutor as AnyClass, { ...place, options: data });
  }
}
