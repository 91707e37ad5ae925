/** What of the board is kept in a snapshot: all but what follows from the rest. */
import type { BoardSettings } from "./settings";
import type { BoardState, Cron, Line, Task, Worker } from "./state";

export type TaskJson = Omit<Task, "about" | "turn" | "timer" | "children"> & {
  readonly children: readonly string[];
};

export type WorkerJson = Omit<Worker, "about" | "timer" | "held" | "idle"> & {
  readonly held: readonly string[];
};

export type CronJson = Omit<Cron, "about" | "timer"> & { readonly atMs: number };

/** A lane whose rate limit was reached; the task stands for the lane's tenant, kind and needs. */
export interface AsideJson {
  readonly spec: Task["spec"];
  readonly untilMs: number;
  readonly number: number;
}

export interface BoardStateJson {
  readonly settings: BoardSettings;
  readonly counters: Pick<
    BoardState,
    "nowMs" | "isDraining" | "lastNumber" | "lastTurn" | "virtualTime"
  >;
  readonly totals: BoardState["totals"];
  readonly pace: BoardState["pace"];
  readonly arrivalsMs: readonly number[];
  readonly tasks: readonly TaskJson[];
  readonly workers: readonly WorkerJson[];
  readonly tags: readonly (readonly [tenant: string, tag: number])[];
  readonly crons: readonly CronJson[];
  readonly aside: readonly AsideJson[];
  readonly ended: Line["entries"];
  readonly dead: Line["entries"];
}
