import type { Message } from "../../protocol";
import type { Clock } from "./clock";
import type { SimulatedNode } from "./simulated-node";

/** Nodes that share a clock, and that crash and pause together. */
export interface Machine<M extends Message, T> {
  readonly name: string;
  readonly nodes: SimulatedNode<M, T>[];
  /** Undefined: it is right. */
  clock: Clock | undefined;
}
