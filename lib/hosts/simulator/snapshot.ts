/** A moment of a simulation, whole: what `rewind` and `fork` start again from. */
import type { Message, NodeId, TraceStep } from "../../protocol";
import type { Clock } from "./clock";
import type { Arrival, Future } from "./future";
import type { Network } from "./network";
import type { NodeState, Place } from "./simulated-node";

/** All that the engine knows; shares with it only what never changes. */
export interface EngineState<M extends Message, T> {
  readonly nowMs: number;
  readonly order: number;
  readonly streams: number;
  readonly futures: readonly Future<M, T>[];
  readonly held: readonly Arrival<M, T>[];
  readonly trace: readonly TraceStep<M, T>[];
  readonly network: Network;
  readonly nodes: readonly { readonly id: NodeId; readonly place: Place<M, T> }[];
  readonly states: readonly NodeState<M, T>[];
  readonly clocks: ReadonlyMap<string, Clock | undefined>;
}

/** A value to keep; it does not change when the simulation goes on. */
export class Snapshot<M extends Message = Message, T = unknown> {
  readonly nowMs: number;
  // Hidden, so that a snapshot prints as one line.
  readonly #state: EngineState<M, T>;
  readonly #family: object;

  /** `family`: simulations that are forks of each other share snapshots. */
  constructor(state: EngineState<M, T>, family: object) {
    this.nowMs = state.nowMs;
    this.#state = state;
    this.#family = family;
  }

  get state(): EngineState<M, T> {
    return this.#state;
  }

  isOf(family: object): boolean {
    return this.#family === family;
  }
}
