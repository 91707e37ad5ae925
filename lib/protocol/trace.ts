import type { Effect, Event, Message, NodeId } from "./contract";

/**
 * Why a message never arrived: chance, a cut link, nobody there to hear it, a link's queue that was
 * full, or a sender that crashed before the message could leave.
 */
export type LossReason = "loss" | "cut" | "down" | "full" | "unsent";

/** What a host did to a node, or to everybody (then the step's node is ""). */
export type HostEvent<M extends Message = Message> =
  | { readonly kind: "crash" }
  | { readonly kind: "pause" }
  | { readonly kind: "resume" }
  | { readonly kind: "fault"; readonly label: string }
  | {
      readonly kind: "lost";
      readonly from: NodeId;
      readonly message: M;
      readonly reason: LossReason;
    };

/** Which `send` a message comes from: the step's index in the trace, the effect's in the step. */
export interface Cause {
  readonly step: number;
  readonly effect: number;
}

/** One step of one node: what happened to it and what it asked for. */
export interface TraceStep<M extends Message = Message, T = unknown> {
  readonly atMs: number;
  readonly node: NodeId;
  readonly event: Event<M, T> | HostEvent<M>;
  readonly effects: readonly Effect<M, T>[];
  /** Of a message that arrived or was lost, where the host knows it. */
  readonly cause?: Cause;
}

/** Every event with its effects, in order: what figures draw and checks judge. */
export type Trace<M extends Message = Message, T = unknown> = readonly TraceStep<M, T>[];

/** The trace as JSON lines: the same text for the same run, to be compared, hashed or stored. */
export function traceText(trace: Trace): string {
  return trace.map((step) => JSON.stringify(step) + "\n").join("");
}
