/** What a task of the in-process queue is, how it may be run, and how it can end. */
import { inRange, onlyKnown, wholeInRange } from "../../basics";
import { backoffNames, checkBackoff } from "../backoff";
import type { BackoffOptions } from "../backoff";

/** What a task is given. */
export interface TaskContext {
  /** 1 for the first time, 2 for the first retry. */
  readonly attempt: number;
  /** Aborted when the attempt times out or the task is cancelled: stop as soon as you can. */
  readonly signal: AbortSignal;
}

export type Task<T> = (context: TaskContext) => T | PromiseLike<T>;

export interface RetryOptions extends BackoffOptions {
  /** Retries after the first attempt, from 0. */
  readonly times: number;
  /** Whether an error is worth a retry; default: every one. A timeout always is. */
  readonly isPassing?: (error: unknown) => boolean;
}

export interface TaskOptions {
  /** 0 (default) to 31; tasks of a higher one start first, those of the same one in order. */
  readonly priority?: number;
  /**
   * Ends an attempt after so many ms, 1 to 2^31 - 1; default: never. The task's place goes to the
   * next at once: an attempt that ignores its signal runs on beside it, and what it returns is
   * dropped.
   */
  readonly timeoutMs?: number;
  /** Cancels the task, wherever it is. */
  readonly signal?: AbortSignal;
  /** Default: no retries. A task that waits for its retry leaves its place to others. */
  readonly retry?: RetryOptions;
}

/** Defaults for all tasks beside what the queue itself needs. */
export interface TaskQueueOptions extends Omit<TaskOptions, "signal"> {
  /** Tasks that run at once, from 1; default 1. */
  readonly concurrency?: number;
  /** Tasks that may wait, from 0; default 100,000. Those who wait for a retry count. */
  readonly capacity?: number;
  /** Called when a task has ended: how many have, of how many that were taken in. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Chance for the jitter of retries, [0, 1); default Math.random. */
  readonly random?: () => number;
}

/** How a task ended. Whether it had an effect is definite only for `done`, `full` and `closed`. */
export type TaskOutcome<T> =
  | { readonly kind: "done"; readonly value: T; readonly attempts: number }
  | { readonly kind: "failed"; readonly error: unknown; readonly attempts: number }
  | { readonly kind: "timedOut"; readonly attempts: number }
  /** No effect if `attempts` is 0. */
  | { readonly kind: "cancelled"; readonly reason: unknown; readonly attempts: number }
  | NotTaken;

/** The queue did not take the task in: `full` may be tried again, `closed` not. */
export type NotTaken = { readonly kind: "full" } | { readonly kind: "closed" };

/** What `whenRoom` resolves with: the task has its place, and its outcome is on the way. */
export type TakenIn<T> =
  | { readonly kind: "taken"; readonly outcome: Promise<TaskOutcome<T>> }
  | { readonly kind: "cancelled"; readonly reason: unknown }
  | { readonly kind: "closed" };

export const priorities = 32;

const taskNames = ["priority", "timeoutMs", "signal", "retry"];
const queueNames = ["priority", "timeoutMs", "retry", "concurrency", "capacity"];

/** RangeError for an option that cannot be. */
export function checkQueue(options: TaskQueueOptions): void {
  onlyKnown("a task queue", options, [...queueNames, "onProgress", "random"]);
  checkValues(options);
}

/** RangeError for an option that cannot be. */
export function checkTask(options: TaskOptions): void {
  onlyKnown("a task", options, taskNames);
  checkValues(options);
}

function checkValues({ priority = 0, timeoutMs = 1, retry }: TaskOptions): void {
  wholeInRange("priority", priority, { min: 0, max: priorities - 1 });
  inRange("timeoutMs", timeoutMs, { min: 1, max: 2 ** 31 - 1 });
  if (retry === undefined) return;
  onlyKnown("retry", retry, ["times", "isPassing", ...backoffNames]);
  wholeInRange("retry.times", retry.times, { min: 0, max: Number.MAX_SAFE_INTEGER });
  checkBackoff(retry);
}
