/**
 * What workers do for real, by the kind of task. A handler must be safe to run twice under one id:
 * its effects are keyed by that.
 */
import type { Lease } from "./task";

/** What a handler is given besides its payload. */
export interface HandlerContext {
  /** Aborts when the attempt is the worker's no more: cancelled, timed out, or somebody else's. */
  readonly signal: AbortSignal;
  /** Plain JSON, and small: others see it through `look`, from the next heartbeat on. */
  readonly tellProgress: (progress: unknown) => void;
}

/**
 * Returns the result, plain JSON, or a promise of it; what it throws is the reason of a failed
 * attempt, and the last one if the error has `isFinal: true`. While a promise is open, the worker
 * does other tasks (as many as it has slots) and sends heartbeats; a handler that computes without
 * a pause lets nothing else happen. In a simulation a promise is a failed attempt.
 */
export type TaskHandler = (payload: unknown, lease: Lease, context: HandlerContext) => unknown;

const handlers = new Map<string, TaskHandler>();

/** For this process: a module that registers handlers can also export the worker's class. */
export function registerTaskHandler(kind: string, handler: TaskHandler): void {
  handlers.set(kind, handler);
}

export function handlerOf(kind: string): TaskHandler | undefined {
  return handlers.get(kind);
}
