import type { Effect, Event, Message, NodeId } from "./contract";

/** One step of one node: what happened to it and what it asked for. */
export interface TraceStep<M extends Message = Message, T = unknown> {
  readonly atMs: number;
  readonly node: NodeId;
  readonly event: Event<M, T> | { readonly kind: "crash" };
  readonly effects: readonly Effect<M, T>[];
}

/** Every event with its effects, in order: what figures draw and checks judge. */
export type Trace<M extends Message = Message, T = unknown> = readonly TraceStep<M, T>[];
