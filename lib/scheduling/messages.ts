/**
 * What passes between schedulers, workers, clients and the store of effects. Commands, queries and
 * their answers travel as those of Raft, to one server as to several; news come unasked.
 */
import type { RaftMessage, RaftTimer } from "../consensus/raft";
import type { NodeId } from "../protocol";
import type { BoardNews, Stop } from "./board/commands";
import type { Ending, Lease } from "./task";

/** To a worker: tasks, and which to stop; to a client: how its tasks ended. */
export interface TaskNews {
  readonly type: "taskNews";
  readonly leases: readonly Lease[];
  readonly stops: readonly Stop[];
  readonly ended: readonly { readonly id: string; readonly ending: Ending }[];
}

/** From a worker: what its task does to the world, once whoever and however often asks. */
export interface EffectRequest {
  readonly type: "effect";
  readonly requestId: number;
  /** The task: its effect's key. */
  readonly id: string;
  /** The fencing token. */
  readonly attempt: number;
  readonly value: unknown;
}

export interface EffectAnswer {
  readonly type: "effectDone";
  readonly requestId: number;
  readonly id: string;
  readonly attempt: number;
  readonly outcome:
    | { readonly kind: "applied"; readonly value: unknown }
    /** It had been before; this is what was applied then. */
    | { readonly kind: "known"; readonly value: unknown }
    /** A later attempt has been here. */
    | { readonly kind: "stale" };
}

/** From an operator to a worker: begin nothing more, and give back what is not begun. */
export interface Drain {
  readonly type: "drain";
}

/** From a handler that returned a promise to its own worker: how far it is, or how it ended. */
export interface Handled {
  readonly type: "handled";
  readonly id: string;
  readonly attempt: number;
  /** Which of the worker's lives began it. */
  readonly life: number;
  readonly outcome: HandlerOutcome;
}

export type HandlerOutcome =
  | { readonly kind: "done"; readonly result: unknown }
  | { readonly kind: "failed"; readonly reason: string; readonly isFinal: boolean }
  | { readonly kind: "progress"; readonly progress: unknown };

export type SchedulerMessage =
  RaftMessage | TaskNews | EffectRequest | EffectAnswer | Drain | Handled;

/** A server's; then a worker's: its heartbeat, and the end of a task's service or effect. */
export type SchedulerTimer =
  RaftTimer | "tick" | "look" | { readonly serve: string } | { readonly effect: string };

/** One message for each that is told something. */
export function newsMessages(news: readonly BoardNews[]): ReadonlyMap<NodeId, TaskNews> {
  type Growing = { leases: Lease[]; stops: Stop[]; ended: { id: string; ending: Ending }[] };
  const messages = new Map<NodeId, TaskNews>();
  for (const one of news) {
    const known = messages.get(one.to);
    const message = known ?? { type: "taskNews", leases: [], stops: [], ended: [] };
    if (known === undefined) messages.set(one.to, message);
    const growing = message as unknown as Growing;
    if (one.kind === "lease") growing.leases.push(one.lease);
    else if (one.kind === "stop") growing.stops.push(one.stop);
    else growing.ended.push({ id: one.id, ending: one.ending });
  }
  return messages;
}
