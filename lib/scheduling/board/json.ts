/** The state as JSON and back, for snapshots. Places in heaps and queues are found anew. */
import { standIdle } from "../order/idle";
import { enqueue, laneOf, rerankAll, standAside, tenantOf } from "../order/lanes";
import { place } from "../order/ranked-heap";
import { enter, setTimer } from "./lifecycle";
import type { Board, BoardRules } from "./rules";
import type { AsideJson, BoardStateJson, TaskJson, WorkerJson } from "./snapshot";
import { emptyBoardState, newTask } from "./state";
import type { BoardState, Line, Task, Worker } from "./state";
import { newCron } from "./time";
import { learn, newWorker, setLease } from "./workers";

export function boardToJson(state: BoardState): BoardStateJson {
  const { nowMs, isDraining, lastNumber, lastTurn, virtualTime } = state;
  const { settings, totals, pace, arrivalsMs } = state;
  return {
    settings,
    counters: { nowMs, isDraining, lastNumber, lastTurn, virtualTime },
    totals: { ...totals },
    pace: { ...pace },
    arrivalsMs: [...arrivalsMs],
    tasks: [...state.tasks.values()].map(taskToJson),
    workers: [...state.workers.values()].map(workerToJson),
    tags: [...state.tenants.values()].map(({ name, tag }) => [name, tag] as const),
    crons: [...state.crons.values()].map(({ number, name, expression, ...cron }) => {
      const { timeZone, task, owner, timer } = cron;
      return { number, name, expression, timeZone, task, owner, atMs: timer.first };
    }),
    aside: asideOf(state),
    ended: state.ended.entries.slice(state.ended.head),
    dead: state.dead.entries.slice(state.dead.head),
  };
}

function taskToJson(task: Task): TaskJson {
  const copy: Partial<Task> = { ...task };
  for (const name of ["about", "turn", "timer"] as const) delete copy[name];
  return { ...(copy as Task), children: [...(task.children ?? [])] };
}

function workerToJson(worker: Worker): WorkerJson {
  const copy: Partial<Worker> = { ...worker };
  for (const name of ["about", "timer", "idle"] as const) delete copy[name];
  return { ...(copy as Worker), held: [...worker.held] };
}

/** An empty lane that stands aside is none. */
function asideOf({ tenants }: BoardState): AsideJson[] {
  return [...tenants.values()].flatMap(({ lanes }) =>
    [...lanes.values()].flatMap(({ timer, tasks }) => {
      const [head] = tasks;
      const isAside = timer.place >= 0 && head !== undefined;
      return isAside ? [{ spec: head.item.spec, untilMs: timer.first, number: timer.number }] : [];
    }),
  );
}

/** Nothing of `json` is kept: what is made of it may change. */
export function boardFromJson(json: BoardStateJson, rules: BoardRules): BoardState {
  const copy = structuredClone(json) as BoardStateJson;
  const state: BoardState = {
    ...emptyBoardState(),
    ...copy.counters,
    settings: copy.settings,
    totals: { ...copy.totals },
    pace: copy.pace,
    arrivalsMs: [...copy.arrivalsMs],
    ended: lineOf(copy.ended),
    dead: lineOf(copy.dead),
  };
  const board: Board = { state, rules };
  for (const [name, tag] of copy.tags) tenantOf(state, name).tag = tag;
  for (const task of copy.tasks) restoreTask(board, task);
  for (const worker of copy.workers) restoreWorker(state, worker);
  for (const { atMs, ...given } of copy.crons) {
    const cron = newCron(given, given.number);
    cron.timer.first = atMs;
    place(state.timers, cron.timer);
    state.crons.set(cron.name, cron);
  }
  // Tasks that came back changed the tags of their tenants.
  for (const [name, tag] of copy.tags) tenantOf(state, name).tag = tag;
  for (const { spec, ...until } of copy.aside) {
    standAside(state, laneOf(state, { spec, number: 0 }), until);
  }
  rerankAll(state);
  state.stirred.clear();
  return state;
}

function lineOf(entries: Line["entries"]): Line {
  return { entries: [...entries], head: 0 };
}

function restoreTask(board: Board, { children, ...given }: TaskJson): void {
  const { spec, number, owner, submittedMs } = given;
  const task = newTask(spec, { number, owner, nowMs: submittedMs });
  Object.assign(task, given);
  task.children = children.length === 0 ? null : new Set(children);
  enter(board, task);
  setTimer(board.state, task);
  if (task.status === "ready") enqueue(board, task);
}

function restoreWorker(state: BoardState, { held, ...given }: WorkerJson): void {
  const worker = newWorker(given, given.number);
  const { capabilities } = given;
  Object.assign(worker, given, { capabilities: [] });
  for (const id of held) worker.held.add(id);
  state.workers.set(worker.id, worker);
  learn(state, worker, capabilities);
  standIdle(state, worker);
  setLease(state, worker);
}
