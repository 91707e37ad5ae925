/** What simulations of PBFT and of HotStuff have in common: their options, and how a run begins. */
import { inRange, wholeInRange } from "../../basics";
import { Simulator } from "../../hosts";
import type { NetworkOptions, ScheduledFault, SimulatedNote } from "../../hosts";
import type { Message, NodeId } from "../../protocol";

export interface ReplicaSimulation {
  /** Any whole number; decides the run. */
  readonly seed: number;
  /** n1, n2...; 4 to 100, default 4. n1 is the first primary or leader. */
  readonly replicas?: number;
  /** Default: a local network that loses nothing. */
  readonly network?: Partial<NetworkOptions>;
  readonly faults?: readonly ScheduledFault[];
  /** Virtual time of the end, in ms. */
  readonly untilMs: number;
  /** Keeps the trace, for diagrams; default false. */
  readonly isTraced?: boolean;
}

export interface BegunSimulation<M extends Message, T> {
  readonly simulator: Simulator<M, T>;
  readonly ids: readonly NodeId[];
  /** Grows as the simulator runs. */
  readonly notes: readonly SimulatedNote[];
  /** To the end, once all nodes are there. */
  run(): void;
}

/** Without nodes yet. Throws a RangeError that names the option that is wrong. */
export function beginSimulation<M extends Message, T>(
  given: ReplicaSimulation,
): BegunSimulation<M, T> {
  const { seed, network, isTraced = false, faults = [] } = given;
  const replicas = wholeInRange("replicas", given.replicas ?? 4, { min: 4, max: 100 });
  const untilMs = inRange("untilMs", given.untilMs, { min: 0, max: Number.MAX_SAFE_INTEGER });
  const notes: SimulatedNote[] = [];
  const simulator = new Simulator<M, T>({
    ...{ seed, isTraced, onNote: (note) => notes.push(note) },
    ...(network !== undefined && { network }),
  });
  const run = (): void => {
    simulator.schedule(...faults);
    simulator.run({ untilMs });
  };
  return { simulator, ids: Array.from({ length: replicas }, (_, i) => `n${i + 1}`), notes, run };
}
