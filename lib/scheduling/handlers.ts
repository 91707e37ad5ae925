/**
 * What workers do for real, by the kind of task. A handler runs to its end on the worker's thread,
 * and must be safe to run twice under one id: its effects are keyed by that.
 */
import type { Lease } from "./task";

/**
 * Returns the result, plain JSON; what it throws is the reason of a failed attempt. A node waits
 * for nothing, so a promise is a failure too.
 */
export type TaskHandler = (payload: unknown, lease: Lease) => unknown;

const handlers = new Map<string, TaskHandler>();

/** For this process: a module that registers handlers can also export the worker's class. */
export function registerTaskHandler(kind: string, handler: TaskHandler): void {
  handlers.set(kind, handler);
}

export function handlerOf(kind: string): TaskHandler | undefined {
  return handlers.get(kind);
}

/** The result of a handler. Throws for a promise, which would be taken for `{}`. */
export function settled(result: unknown): unknown {
  if (!(result instanceof Promise)) return result;
  result.catch(() => undefined);
  throw new TypeError("its handler returned a promise: it must have ended when it returns");
}
