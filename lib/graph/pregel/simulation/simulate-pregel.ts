/**
 * A Pregel cluster in the simulator, ready to run: master "n0", workers "n1", "n2"..., "store".
 */
import { wholeInRange } from "../../../basics";
import { Simulator } from "../../../hosts";
import type { NetworkOptions, ScheduledFault, SimulatedNote } from "../../../hosts";
import type { Protocol, Trace } from "../../../protocol";
import type { CsrGraph } from "../../structure/csr-graph";
import { CheckpointStore, resultsIn } from "../checkpoint-store";
import { planOf } from "../graph-plan";
import { PregelMaster } from "../master";
import type { PregelMasterOptions } from "../master";
import type { PregelMessage } from "../messages";
import type { VertexProgram } from "../program";
import { defineProgram } from "../programs";
import { PregelWorker } from "../worker";
import type { PregelWorkerOptions } from "../worker";

export interface PregelSimulation {
  /** Default 1. */
  readonly seed?: number;
  /** Default 3. */
  readonly workers?: number;
  readonly master?: Partial<Omit<PregelMasterOptions, "program">>;
  /** By name: "n0", "n1"..., "store". */
  readonly faults?: readonly ScheduledFault[];
  readonly network?: Partial<NetworkOptions>;
  /** When a run that has not ended is given up; default an hour of virtual time. */
  readonly untilMs?: number;
  /** Keeps the trace; default false. */
  readonly isTraced?: boolean;
  /** Another worker in the place of ours: to break it on purpose. */
  readonly worker?: Protocol<PregelMessage, "heartbeat", PregelWorkerOptions>;
}

export interface SimulatedPregel {
  readonly kind: "halted" | "unfinished";
  /** By vertex; NaN where the run is unfinished. */
  readonly values: Float64Array;
  readonly supersteps: number;
  /** 1 without recoveries. */
  readonly epochs: number;
  readonly elapsedMs: number;
  readonly notes: readonly SimulatedNote[];
  /** Empty unless `isTraced`. */
  readonly trace: Trace<PregelMessage, string>;
}

type AnyProtocol<O> = Protocol<PregelMessage, string, O>;
const hourMs = 3_600_000;

/** Runs the program, which may be of a notebook's cell: all nodes live in this process. */
export function simulatePregel(
  graph: CsrGraph,
  program: VertexProgram,
  options: PregelSimulation = {},
): SimulatedPregel {
  const workers = wholeInRange("workers", options.workers ?? 3, { min: 1, max: 1_000 });
  const partitions = options.master?.partitions ?? 8;
  const name = "simulated";
  defineProgram(name, program);
  const notes: SimulatedNote[] = [];
  let end: { supersteps: number; epochs: number } | undefined;
  const simulator = new Simulator<PregelMessage, string>({
    ...{ seed: options.seed ?? 1, network: options.network, isTraced: options.isTraced ?? false },
    onNote: (note) => {
      notes.push(note);
      if (note.label !== "halted") return;
      end = note.detail as typeof end;
      simulator.stop();
    },
  });
  const ids = Array.from({ length: workers }, (_, i) => `n${i + 1}`);
  const master = { ...options.master, partitions, program: name };
  simulator.add("n0", PregelMaster as AnyProtocol<PregelMasterOptions>, {
    options: master,
    peers: ids,
  });
  simulator.add("store", CheckpointStore as AnyProtocol<object>, { peers: [] });
  const worker = (options.worker ?? PregelWorker) as AnyProtocol<PregelWorkerOptions>;
  const plan = planOf(graph);
  for (const id of ids) {
    simulator.add(id, worker, { options: { program: name, graph: plan }, peers: ["n0"] });
  }
  simulator.schedule(...(options.faults ?? []));
  const { nowMs } = simulator.run({ untilMs: options.untilMs ?? hourMs });
  return {
    kind: end === undefined ? "unfinished" : "halted",
    values: resultsIn(simulator.savedOf("store"), { vertices: graph.vertices, partitions }),
    ...{ supersteps: end?.supersteps ?? 0, epochs: end?.epochs ?? 0 },
    ...{ elapsedMs: nowMs, notes, trace: simulator.trace },
  };
}
