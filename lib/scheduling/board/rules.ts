/** The rules that make the board right, each by its name: planted bugs replace one of them. */
import { Random } from "../../basics";
import { backoffMs } from "../backoff";
import { gcra } from "../gcra";
import { charge } from "../order/shares";
import { urgencyOf } from "../order/urgency";
import type { BoardStateJson } from "./snapshot";
import type { BoardState, Task, Worker } from "./state";

export interface BoardRules {
  /** An attempt is the task's current one, and its worker the one that says so. */
  readonly isCurrent: (task: Task, attempt: number, worker: string) => boolean;
  /** A submission repeats one that was made. */
  readonly isKnown: (task: Task | undefined) => task is Task;
  readonly isSilent: (worker: Worker, nowMs: number, leaseMs: number) => boolean;
  /** So many parents have to be done first. */
  readonly missing: (parents: readonly (Task | undefined)[]) => number;
  /** No further attempt is made. */
  readonly isHopeless: (task: Task, maxAttempts: number) => boolean;
  /** How long until the next attempt: the same on every replica. */
  readonly retryMs: (state: BoardState, task: Task) => number;
  /** Tasks that follow from one that will never be done. */
  readonly orphans: (task: Task) => Iterable<string>;
  /** What a worker should have and does not name, so it is sent again. */
  readonly unheard: (worker: Worker, held: ReadonlySet<string>) => readonly string[];
  readonly nextAttempt: (task: Task) => number;
  readonly urgency: typeof urgencyOf;
  readonly charge: typeof charge;
  readonly limit: typeof gcra;
  /** What of the state is in a snapshot. */
  readonly snapshot: (json: BoardStateJson) => BoardStateJson;
}

export interface Board {
  readonly state: BoardState;
  readonly rules: BoardRules;
}

export const boardRules: BoardRules = {
  isCurrent: (task, attempt, worker) => {
    return task.status === "running" && task.attempt === attempt && task.worker === worker;
  },
  isKnown: (task): task is Task => task !== undefined,
  isSilent: ({ heardMs }, nowMs, leaseMs) => heardMs + leaseMs <= nowMs,
  missing: (parents) => parents.filter((parent) => parent?.status !== "done").length,
  isHopeless: ({ failed }, maxAttempts) => failed >= maxAttempts,
  retryMs: ({ settings }, { spec, failed, number }) => {
    const random = new Random(settings.seed + number, failed);
    const options = { ...settings.backoff, ...spec.backoff };
    return backoffMs({ retries: Math.max(0, failed - 1) }, () => random.next(), options);
  },
  orphans: ({ children }) => children ?? [],
  unheard: ({ held }, named) => [...held].filter((id) => !named.has(id)),
  nextAttempt: ({ attempt }) => attempt + 1,
  urgency: urgencyOf,
  charge,
  limit: gcra,
  snapshot: (json) => json,
};
