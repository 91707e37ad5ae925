/** What a simulator is told, and what it tells. */
import type { Message, NodeId, TraceStep } from "../../protocol";
import type { ClockOptions } from "./clock";
import type { SimulatedDiskOptions } from "./disk";
import type { NetworkOptions } from "./link-options";

export interface SimulatorOptions<M extends Message = Message, T = unknown> {
  /** Any whole number; decides the run. */
  readonly seed: number;
  /** Default: a local network that loses nothing; see `LinkOptions`. */
  readonly network?: Partial<NetworkOptions>;
  /** Of every node that has none of its own; default: what is saved is durable at once. */
  readonly disk?: Partial<SimulatedDiskOptions>;
  /** Keeps every step in `trace`; default true. Without it a run is several times as fast. */
  readonly isTraced?: boolean;
  /** Called after every step, for invariants; wants `isTraced`. */
  readonly onStep?: (step: TraceStep<M, T>) => void;
  /** Called at every note of a node. */
  readonly onNote?: (note: SimulatedNote) => void;
  /** Messages travel as frozen objects, or through JSON as over a wire. Default "frozen". */
  readonly passing?: "frozen" | "json";
}

export interface SimulatedNote {
  readonly atMs: number;
  readonly node: NodeId;
  readonly label: string;
  readonly detail: unknown;
}

export interface Placement<O> {
  readonly options?: Partial<O>;
  /** Default: all other nodes that are no clients, in the order in which they were added. */
  readonly peers?: readonly NodeId[];
  /** Nodes of one machine crash together and hear each other at once. Default: the node's id. */
  readonly machine?: string;
  /** The machine's clock; where several nodes share a machine, only its first node may give it. */
  readonly clock?: Partial<ClockOptions>;
  /** Default: the simulator's. */
  readonly disk?: Partial<SimulatedDiskOptions>;
  /** Default 0. */
  readonly startAtMs?: number;
}

export interface RunLimits {
  /** Virtual time at which the run ends. */
  readonly untilMs: number;
  /** A run of more events is broken off with an error; default 50 million. */
  readonly maxEvents?: number;
}

export interface RunResult {
  /** "quiet": nothing left to happen; "time": `untilMs` was reached; "stopped": by `stop()`. */
  readonly kind: "quiet" | "time" | "stopped";
  readonly nowMs: number;
  readonly events: number;
}

/** The options that there are, so that a misspelt one is found. */
export const simulatorNames: readonly (keyof SimulatorOptions)[] = [
  "seed",
  "network",
  "disk",
  "isTraced",
  "onStep",
  "onNote",
  "passing",
];
export const placementNames: readonly (keyof Placement<unknown>)[] = [
  "options",
  "peers",
  "machine",
  "clock",
  "disk",
  "startAtMs",
];
