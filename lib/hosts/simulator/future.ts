/** What is yet to happen. */
import type { Cause, Message, NodeId } from "../../protocol";
import type { Fault } from "./faults";
import type { Alarm, SimulatedNode } from "./simulated-node";

export interface Arrival<M extends Message, T> {
  readonly kind: "message";
  readonly node: SimulatedNode<M, T>;
  readonly from: NodeId;
  readonly message: M;
  readonly cause: Cause | undefined;
}

export type Happening<M extends Message, T> =
  | Arrival<M, T>
  | { readonly kind: "alarm"; readonly node: SimulatedNode<M, T>; readonly alarm: Alarm<T> }
  | { readonly kind: "start"; readonly node: SimulatedNode<M, T> }
  | { readonly kind: "written"; readonly node: SimulatedNode<M, T>; readonly write: number }
  | { readonly kind: "fault"; readonly fault: Fault };

export interface Future<M extends Message, T> {
  readonly atMs: number;
  readonly order: number;
  readonly what: Happening<M, T>;
}
