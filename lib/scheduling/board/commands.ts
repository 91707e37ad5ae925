/** What is asked of the board, and what it answers. All of it is plain JSON. */
import type { NodeId } from "../../protocol";
import type { Ending, Lease, TaskSpec, TaskStatus, TaskView, Why } from "../task";
import type { BoardSettings } from "./settings";

/** Which life of a worker: its count of starts, and a number drawn at each. */
export type Incarnation = readonly [life: number, drawn: number];

export interface Finished {
  readonly id: string;
  readonly attempt: number;
  readonly result: unknown;
}

export interface Failed {
  readonly id: string;
  readonly attempt: number;
  readonly reason: string;
  /** No further attempt would help. Default false. */
  readonly isFinal?: boolean;
}

export interface Held {
  readonly id: string;
  readonly attempt: number;
  /** Anything small; what was told last can be seen in `look`. */
  readonly progress?: unknown;
}

/** All that a worker says: outcomes, what it still does, and how much it can take. */
export interface Work {
  readonly op: "work";
  readonly worker: NodeId;
  readonly incarnation: Incarnation;
  /** Rises with every new command of an incarnation; a repetition has the same one. */
  readonly sequence: number;
  readonly capabilities: readonly string[];
  /** Tasks that it wants to have at a time, those under way included; 0: it drains. */
  readonly capacity: number;
  readonly finished?: readonly Finished[];
  readonly failed?: readonly Failed[];
  /** Given back without having been begun. */
  readonly returned?: readonly Held[];
  /** A heartbeat: all that it has. What it should have besides is sent again. */
  readonly held?: readonly Held[];
}

export type BoardCommand =
  /** All or nothing. `isWatched`: the submitter is told how each ends; default true. */
  | {
      readonly op: "submit";
      readonly tasks: readonly TaskSpec[];
      readonly isWatched?: boolean;
    }
  | Work
  | { readonly op: "cancel"; readonly ids: readonly string[] }
  /** Dead letters are tried again, and those that are dead because of them. */
  | { readonly op: "redrive"; readonly ids: readonly string[] }
  /** Dead letters are thrown away. */
  | { readonly op: "discard"; readonly ids: readonly string[] }
  /** A task at each time of a cron expression; null: no more. */
  | {
      readonly op: "cron";
      readonly name: string;
      readonly expression: string | null;
      /** Default "Asia/Kolkata". */
      readonly timeZone?: string;
      /** Its id is "NAME@TIME", the time in ms since 1970. */
      readonly task?: Omit<TaskSpec, "id" | "after">;
    }
  /** Takes no more tasks; `null`: the worker drains, the board does not. */
  | { readonly op: "drain"; readonly worker: NodeId | null; readonly isOver?: boolean }
  | { readonly op: "configure"; readonly settings: Partial<BoardSettings> }
  /** Time goes on. */
  | { readonly op: "tick" };

/** What the server adds: its time, and who asks. */
export type StampedCommand = BoardCommand & { readonly atMs: number; readonly from: NodeId };

export type BoardQuery =
  | { readonly op: "look"; readonly ids: readonly string[] }
  | { readonly op: "dead"; readonly limit: number }
  | { readonly op: "count" };

export interface Stop {
  readonly id: string;
  readonly attempt: number;
  readonly why: "cancelled" | "notYours" | "timedOut" | "expired";
}

export interface Known {
  readonly id: string;
  readonly status: TaskStatus;
  readonly ending: Ending | null;
}

export interface BoardCounts {
  readonly blocked: number;
  readonly delayed: number;
  readonly ready: number;
  readonly running: number;
  /** Since the beginning. */
  readonly submitted: number;
  readonly done: number;
  readonly dead: number;
  readonly cancelled: number;
  readonly attempts: number;
  readonly refused: number;
  readonly stale: number;
  readonly expiredLeases: number;
  /** Times of cron jobs at which the board took no task. */
  readonly skippedCron: number;
  /** Dead letters that were too many to keep. */
  readonly forgottenDead: number;
}

export type BoardAnswer =
  /** All of them are in, durable when this arrives; `known`: those that had been before. */
  | { readonly kind: "submitted"; readonly known: readonly Known[] }
  /** None of them is in: try again after so long, or submit fewer. */
  | { readonly kind: "full"; readonly retryAfterMs: number }
  /** None of them is in: the board takes no more. */
  | { readonly kind: "draining" }
  | {
      readonly kind: "work";
      readonly leases: readonly Lease[];
      readonly stops: readonly Stop[];
      /** Outcomes that came too late: the attempt is not the task's any more. */
      readonly stale: readonly { readonly id: string; readonly attempt: number }[];
      readonly isDraining: boolean;
    }
  /** A later life of the worker has been heard, or a later command: this one was ignored. */
  | { readonly kind: "outdated" }
  | { readonly kind: "changed"; readonly ids: readonly string[] }
  | { readonly kind: "views"; readonly views: readonly TaskView[] }
  | ({ readonly kind: "counts" } & BoardCounts)
  | { readonly kind: "ok" }
  /** Not done, and asking again will not help. */
  | { readonly kind: "invalid"; readonly reason: string };

/** What somebody is told unasked. What is lost is made good by the next heartbeat or look. */
export type BoardNews =
  | { readonly kind: "lease"; readonly to: NodeId; readonly lease: Lease }
  | { readonly kind: "stop"; readonly to: NodeId; readonly stop: Stop }
  | { readonly kind: "ended"; readonly to: NodeId; readonly id: string; readonly ending: Ending };

export type { Why };
