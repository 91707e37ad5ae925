/**
 * What the scheduler knows, as plain data: the state of a machine that is logged or replicated.
 * Heaps hold tasks, lanes and workers themselves, which know their places in them.
 */
import type { NodeId } from "../../protocol";
import { ranked } from "../order/ranked-heap";
import type { Ranked, RankedHeap } from "../order/ranked-heap";
import type { Ending, Failure, TaskSpec, TaskStatus } from "../task";
import type { BoardNews, Incarnation } from "./commands";
import { defaultBoardSettings } from "./settings";
import type { BoardSettings } from "./settings";

/** Whatever has one timer; what that means follows from what it is and how it stands. */
export type Timed = Task | Worker | Lane | Cron;

export interface Task {
  readonly about: "task";
  /** In the order of submission; breaks all ties. */
  readonly number: number;
  readonly spec: TaskSpec;
  /** Who is told how it ends; "": nobody. */
  readonly owner: NodeId;
  readonly submittedMs: number;
  status: TaskStatus;
  /** Of the last attempt, from 1; 0: none yet. */
  attempt: number;
  /** Attempts that count towards `maxAttempts`, and the last five of them. */
  failed: number;
  failures: readonly Failure[];
  /** Not before this. */
  dueMs: number;
  /** Parents that are not done. */
  missing: number;
  /** Null: none. */
  children: Set<string> | null;
  worker: NodeId;
  startedMs: number;
  progress: unknown;
  ending: Ending | null;
  endedMs: number;
  /** Numbers the endings; tells one ending of a task from an earlier one. */
  endNumber: number;
  /** Among those of its lane. */
  readonly turn: Ranked<Task>;
  readonly timer: Ranked<Timed>;
}

export interface Worker {
  readonly about: "worker";
  readonly number: number;
  readonly id: NodeId;
  incarnation: Incarnation;
  sequence: number;
  capabilities: readonly string[];
  capacity: number;
  /** By order of the board; it ends with the incarnation. */
  isDraining: boolean;
  heardMs: number;
  /** When it was last given something, as a count: who waits longest is next. */
  turn: number;
  readonly held: Set<string>;
  /** Pools whose needs it has, and its place among the idle of each. */
  idle: Map<string, Ranked<Worker>>;
  readonly timer: Ranked<Timed>;
}

/** Ready tasks of one tenant, kind and needs: they differ only in their turn. */
export interface Lane {
  readonly about: "lane";
  readonly number: number;
  readonly pool: Pool;
  readonly tenant: Tenant;
  readonly kind: string;
  /** Those of the settings' limits that count for it, by their places. */
  readonly limits: readonly number[];
  readonly tasks: RankedHeap<Task>;
  /** Among the lanes of the pool. */
  readonly rank: Ranked<Lane>;
  /** Until the rate limit lets its next task through. */
  readonly timer: Ranked<Timed>;
}

/** All that the same capabilities are needed for. */
export interface Pool {
  readonly key: string;
  readonly needs: readonly string[];
  readonly lanes: RankedHeap<Lane>;
  readonly idle: RankedHeap<Worker>;
}

export interface Tenant {
  readonly name: string;
  /** Start tag of start-time fair queueing. */
  tag: number;
  /** Tasks of it that are ready. */
  ready: number;
  readonly lanes: Map<string, Lane>;
}

export interface Cron {
  readonly about: "cron";
  readonly number: number;
  readonly name: string;
  readonly expression: string;
  readonly timeZone: string;
  readonly task: Omit<TaskSpec, "id" | "after">;
  readonly owner: NodeId;
  readonly timer: Ranked<Timed>;
}

export interface Totals {
  submitted: number;
  done: number;
  dead: number;
  cancelled: number;
  attempts: number;
  refused: number;
  stale: number;
  expiredLeases: number;
  skippedCron: number;
  forgottenDead: number;
}

/** A queue that is not searched: entries before `head` are gone. */
export interface Line {
  entries: { readonly id: string; readonly number: number }[];
  head: number;
}

export interface BoardState {
  settings: BoardSettings;
  nowMs: number;
  isDraining: boolean;
  lastNumber: number;
  lastTurn: number;
  /** Virtual time of the fair shares: the tag of whoever was served last. */
  virtualTime: number;
  /** Blocked, delayed and ready ones. */
  waiting: number;
  statuses: Record<TaskStatus, number>;
  readonly totals: Totals;
  /** Tasks that ended in the current second of the board's time, and in the one before. */
  pace: { second: number; count: number; before: number };
  readonly tasks: Map<string, Task>;
  readonly workers: Map<NodeId, Worker>;
  readonly pools: Map<string, Pool>;
  readonly tenants: Map<string, Tenant>;
  readonly crons: Map<string, Cron>;
  readonly timers: RankedHeap<Timed>;
  /** Of each of the settings' limits: the state of its generic cell rate algorithm. */
  arrivalsMs: number[];
  /** Done and cancelled ones, oldest first; and the dead. */
  readonly ended: Line;
  readonly dead: Line;
  /** Pools that may have tasks for idle workers; empty between commands. */
  readonly stirred: Set<string>;
  /** For the server to send and to empty; no part of the replicated state. */
  news: BoardNews[];
}

export function emptyBoardState(): BoardState {
  return {
    settings: defaultBoardSettings,
    ...{ nowMs: 0, isDraining: false, lastNumber: 0, lastTurn: 0, virtualTime: 0, waiting: 0 },
    statuses: { blocked: 0, delayed: 0, ready: 0, running: 0, done: 0, dead: 0, cancelled: 0 },
    totals: {
      ...{ submitted: 0, done: 0, dead: 0, cancelled: 0, attempts: 0 },
      ...{ refused: 0, stale: 0, expiredLeases: 0, skippedCron: 0 },
      forgottenDead: 0,
    },
    pace: { second: 0, count: 0, before: 0 },
    tasks: new Map(),
    workers: new Map(),
    pools: new Map(),
    tenants: new Map(),
    crons: new Map(),
    timers: [],
    arrivalsMs: [],
    ended: { entries: [], head: 0 },
    dead: { entries: [], head: 0 },
    stirred: new Set(),
    news: [],
  };
}

/** A task as it is submitted, not yet anywhere in the board. */
export function newTask(
  spec: TaskSpec,
  { number, owner, nowMs }: { number: number; owner: NodeId; nowMs: number },
): Task {
  // One literal: there are many of them, and objects that are put together in steps are slow.
  const task = {
    about: "task" as const,
    number,
    spec,
    owner,
    submittedMs: nowMs,
    status: "blocked" as const,
    attempt: 0,
    failed: 0,
    failures: none,
    dueMs: nowMs + (spec.delayMs ?? 0),
    missing: 0,
    children: null,
    worker: "",
    startedMs: 0,
    progress: null,
    ending: null,
    endedMs: 0,
    endNumber: 0,
    turn: null as unknown as Ranked<Task>,
    timer: null as unknown as Ranked<Timed>,
  };
  task.turn = ranked<Task>(task, number);
  task.timer = ranked<Timed>(task, number);
  return task;
}

const none: readonly Failure[] = [];
