/**
 * What workers do for real, by the kind of task. A handler runs to its end on the worker's thread,
 * and must be safe to run twice under one id: its effects are keyed by that.
 */
import type { Lease } from "./task";

/** Returns the result, plain JSON; what it throws is the reason of a failed attempt. */
export type TaskHandler = (payload: unknown, lease: Lease) => unknown;

const handlers = new Map<string, TaskHandler>();

/** For this process: a module that registers handlers can also export the worker's class. */
export function registerTaskHandler(kind: string, handler: TaskHandler): void {
  handlers.set(kind, handler);
}

export function handlerOf(kind: string): TaskHandler | undefined {
  return handlers.get(kind);
}
