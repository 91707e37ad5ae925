/**
 * A MapReduce job on a simulated cluster: the coordinator and workers of the real runs, machine by
 * machine, with executors that take the time a stated model gives. Any fault can be scheduled.
 *
 * Source: Dean and Ghemawat 2004; machine "m7" carries the worker "n7" and its executor "xn7", "n0"
 * is the coordinator, "gfs" the file system.
 */
import { Random, inRange, wholeInRange } from "../../../basics";
import { Simulator } from "../../../hosts";
import type { NetworkOptions, ScheduledFault, SimulatedNote } from "../../../hosts";
import type { SimulatedDiskOptions } from "../../../hosts";
import type { NodeId, Protocol, Trace } from "../../../protocol";
import { Coordinator } from "../control/coordinator";
import type { CoordinatorOptions } from "../control/options";
import type { ControlMessage, JobOutcome, Plan } from "../control/messages";
import { taskSpans } from "../control/task-spans";
import type { TaskSpan } from "../control/task-spans";
import { TaskWorker } from "../../task-worker";
import type { TaskMessage, TaskWorkerOptions } from "../../task-worker";
import type { Counters, Split } from "../tasks";
import { defaultCosts } from "./costs";
import type { CostModel } from "./costs";
import { SimulatedExecutor } from "./executor";
import type { ExecutorTimer } from "./executor";
import { SharedFileSystem } from "./file-system";
import type { SimulationMessage } from "./messages";
import type { Digest, Workload } from "./workload";

/** Each slow machine is so many times as slow, drawn evenly between the two. */
export interface Stragglers {
  /** Of the machines, 0 to 1. */
  readonly share: number;
  readonly minFactor: number;
  readonly maxFactor: number;
}

export interface SimulationOptions {
  /** Any whole number; default 1. */
  readonly seed?: number;
  /** Machines that work, 1 to 5,000; default 10. */
  readonly workers?: number;
  /** Map tasks; default 40. */
  readonly maps?: number;
  /** Reduce tasks; default 10. */
  readonly reduces?: number;
  /** Default 64 MiB, as in the paper; all map outputs together are as large as the input. */
  readonly splitBytes?: number;
  /** Records that are followed through the job; 0, the default: only time is simulated. */
  readonly recordsPerSplit?: number;
  /** About one record in so many breaks the user's map; default 0: none does. */
  readonly badEvery?: number;
  readonly costs?: Partial<CostModel>;
  /** Machines that are slow for the whole job; default none. */
  readonly stragglers?: Stragglers;
  /** Machines that hold a copy of a split; default 3. */
  readonly replicas?: number;
  /** Machines that share a switch; default 40. */
  readonly rackSize?: number;
  /** When the workers start; ms, default 0. */
  readonly startMs?: number;
  /** By name of machine ("m7") or node ("n7", "xn7"). */
  readonly faults?: readonly ScheduledFault[];
  readonly network?: Partial<NetworkOptions>;
  /** Of every node; default: what is saved is durable at once. */
  readonly disk?: Partial<SimulatedDiskOptions>;
  readonly coordinator?: Partial<Omit<CoordinatorOptions, "plan">>;
  /** Default 500 ms. */
  readonly heartbeatMs?: number;
  /** When a job that is not done is given up; default a day. */
  readonly untilMs?: number;
  /** A run of more events is broken off with an error; default 50 million. */
  readonly maxEvents?: number;
  /** Keeps the trace, for space-time diagrams; default false. */
  readonly isTraced?: boolean;
  /** Other classes in the place of the coordinator and worker: to break them on purpose. */
  readonly variant?: {
    readonly coordinator?: Protocol<ControlMessage, "check", CoordinatorOptions>;
    readonly worker?: Protocol<TaskMessage, "heartbeat", TaskWorkerOptions>;
  };
}

export interface SimulatedJob {
  readonly kind: "done" | "failed" | "unfinished";
  readonly reason?: string;
  /** From the start of the cluster to the end of the job. */
  readonly elapsedMs: number;
  /** Map tasks: their ids come first, from 0. */
  readonly maps: number;
  readonly counters: Counters;
  /** By partition, from the file system; empty when records are not followed. */
  readonly output: readonly (Digest | undefined)[];
  readonly notes: readonly SimulatedNote[];
  readonly spans: readonly TaskSpan[];
  /** Empty unless `isTraced`. */
  readonly trace: Trace<SimulationMessage, string>;
  readonly events: number;
}

const dayMs = 86_400_000;

/** Runs the job to its end; throws a RangeError for options out of range. */
export function simulateJob(options: SimulationOptions = {}): SimulatedJob {
  const cluster = describeCluster(options);
  const notes: SimulatedNote[] = [];
  let outcome: JobOutcome | undefined;
  const simulator = new Simulator<SimulationMessage, string>({
    seed: options.seed ?? 1,
    network: options.network,
    ...(options.disk && { disk: options.disk }),
    isTraced: options.isTraced ?? false,
    onNote: (note) => {
      notes.push(note);
      if (note.label !== "jobDone" && note.label !== "jobFailed") return;
      outcome = note.detail as JobOutcome;
      simulator.stop();
    },
  });
  addNodes(simulator, cluster, options);
  simulator.schedule(...(options.faults ?? []));
  const { nowMs, events } = simulator.run({
    untilMs: options.untilMs ?? dayMs,
    maxEvents: options.maxEvents,
  });
  const saved = simulator.savedOf("gfs");
  const { workload } = cluster;
  const length = workload.recordsPerSplit === 0 ? 0 : workload.partitions;
  return {
    kind: outcome === undefined ? "unfinished" : outcome.reason === undefined ? "done" : "failed",
    reason: outcome?.reason,
    elapsedMs: nowMs,
    maps: cluster.plan.splits.length,
    counters: outcome?.counters ?? {},
    output: Array.from({ length }, (_, i) => saved[`part/${i}`] as Digest | undefined),
    notes,
    spans: taskSpans(notes),
    trace: simulator.trace,
    events,
  };
}

interface Cluster {
  readonly plan: Plan;
  readonly workload: Workload;
  readonly workers: readonly NodeId[];
  /** By worker; 1 is normal. */
  readonly speeds: readonly number[];
  readonly costs: CostModel;
}

/** The machines, their speeds and the places of the data, all from the options and the seed. */
export function describeCluster(options: SimulationOptions): Cluster {
  const count = wholeInRange("workers", options.workers ?? 10, { min: 1, max: 5_000 });
  const maps = wholeInRange("maps", options.maps ?? 40, { min: 1, max: 100_000 });
  const partitions = wholeInRange("reduces", options.reduces ?? 10, { min: 1, max: 100_000 });
  const splitBytes = options.splitBytes ?? 64 * 2 ** 20;
  const { recordsPerSplit = 0, badEvery = 0, rackSize = 40 } = options;
  const workers = Array.from({ length: count }, (_, i) => `n${i + 1}`);
  const random = new Random(options.seed ?? 1, 2_000_000);
  const speeds = drawSpeeds(count, options.stragglers, random);
  const racks = Object.fromEntries(workers.map((id, i) => [id, `r${Math.floor(i / rackSize)}`]));
  const copies = Math.min(options.replicas ?? 3, count);
  const splits = Array.from({ length: maps }, (_, i): Split => {
    const startByte = i * splitBytes;
    const replicas = drawReplicas(workers, copies, random);
    return { file: "/gfs/input", startByte, endByte: startByte + splitBytes, replicas };
  });
  const partitionBytes = (maps * splitBytes) / partitions;
  return {
    plan: { splits, partitions, racks },
    workload: { recordsPerSplit, badEvery, partitions, splitBytes, partitionBytes },
    workers,
    speeds,
    costs: { ...defaultCosts, ...options.costs },
  };
}

/** 1 is normal. */
function drawSpeeds(count: number, stragglers: Stragglers | undefined, random: Random): number[] {
  const { share, minFactor, maxFactor } = stragglers ?? { share: 0, minFactor: 1, maxFactor: 1 };
  inRange("stragglers.share", share, { min: 0, max: 1 });
  inRange("stragglers.minFactor", minFactor, { min: 1, max: maxFactor });
  const slow = Array.from({ length: count }, (_, i) => i < Math.round(share * count));
  return random
    .shuffle(slow)
    .map((isSlow) => (isSlow ? 1 / random.between(minFactor, maxFactor) : 1));
}

function drawReplicas(workers: readonly NodeId[], copies: number, random: Random): NodeId[] {
  const replicas = new Set<NodeId>();
  while (replicas.size < copies) replicas.add(random.pick(workers));
  return [...replicas];
}

function addNodes(
  simulator: Simulator<SimulationMessage, string>,
  { plan, workload, workers, speeds, costs }: Cluster,
  options: SimulationOptions,
): void {
  const { coordinator = Coordinator, worker: workerClass = TaskWorker } = options.variant ?? {};
  const heartbeatMs = options.heartbeatMs ?? 500;
  const master = { reduceOutputs: "shared", ...options.coordinator, plan } as const;
  simulator.add("n0", coordinator as Protocol<SimulationMessage, string, CoordinatorOptions>, {
    options: master,
    peers: [],
  });
  simulator.add("gfs", SharedFileSystem, { peers: [] });
  workers.forEach((id, i) => {
    const place = { machine: `m${i + 1}`, peers: ["n0"], startAtMs: options.startMs ?? 0 };
    const control = workerClass as Protocol<SimulationMessage, string, TaskWorkerOptions>;
    simulator.add(id, control, { ...place, options: { heartbeatMs } });
    const data = { worker: id, workload, costs, speed: speeds[i] as number, racks: plan.racks };
    simulator.add(
      `x${id}`,
      SimulatedExecutor as Protocol<SimulationMessage, ExecutorTimer | string, object>,
      { ...place, options: data },
    );
  });
}
