/**
 * What a task is to those who submit it and to those who do it. All of it is plain JSON; a payload
 * names bulk data, and does not hold it.
 */
import type { BackoffOptions } from "./backoff";

/** As it is submitted. What is left out is as the scheduler's settings have it. */
export interface TaskSpec {
  /**
   * The idempotency key: the same id again is the same task, and is answered with its outcome;
   * with another kind or payload it is refused.
   */
  readonly id: string;
  /** What is to be done: names the worker's handler. */
  readonly kind: string;
  /** Default null. */
  readonly payload?: unknown;
  /** Whose share it counts towards; default "everyone". */
  readonly tenant?: string;
  /** 0, the most urgent, to 9; default 5. */
  readonly priority?: number;
  /** Capabilities that its worker must have; default its kind alone. */
  readonly needs?: readonly string[];
  /** Not before so many ms after its submission; default 0. */
  readonly delayMs?: number;
  /** Wanted within so many ms of its submission: the earlier ones go first. Late ones are done. */
  readonly deadlineMs?: number;
  /** Given up when it has not ended within so many ms of its submission; default: never. */
  readonly expiresMs?: number;
  /** An attempt that takes longer is over, and counts as failed; default: it may last. */
  readonly timeoutMs?: number;
  /** Tasks that have to be done before it begins; at most 1,000. */
  readonly after?: readonly string[];
  /** Attempts that may fail before it is a dead letter. */
  readonly maxAttempts?: number;
  readonly backoff?: BackoffOptions;
  /** What it takes of its tenant's share; default 1. */
  readonly cost?: number;
}

/** One attempt, given to one worker. `attempt` is the fencing token: it rises with each. */
export interface Lease {
  readonly id: string;
  readonly attempt: number;
  readonly kind: string;
  readonly payload: unknown;
  readonly tenant: string;
}

/** Why an attempt failed, or a task was given up. */
export type Why = "failed" | "timedOut" | "workerLost" | "expired" | "parent";

export interface Failure {
  readonly attempt: number;
  readonly why: Why;
  /** One sentence, from the worker where it failed there. */
  readonly detail: string;
  readonly worker: string;
}

/** How a task ended. A dead letter holds why, with its last five failures. */
export type Ending =
  | { readonly kind: "done"; readonly result: unknown; readonly attempt: number }
  | {
      readonly kind: "dead";
      readonly why: Why;
      readonly detail: string;
      readonly failures: readonly Failure[];
    }
  | { readonly kind: "cancelled" };

/**
 * `blocked`: parents are not done; `delayed`: its time has not come, or it waits for a retry;
 * `ready`: waits for a worker.
 */
export type TaskStatus =
  "blocked" | "delayed" | "ready" | "running" | "done" | "dead" | "cancelled";

/** What can be seen of a task. */
export interface TaskView {
  readonly id: string;
  /** `unknown`: never submitted, or ended so long ago that it was forgotten. */
  readonly status: TaskStatus | "unknown";
  readonly attempt: number;
  readonly progress: unknown;
  readonly ending: Ending | null;
}
