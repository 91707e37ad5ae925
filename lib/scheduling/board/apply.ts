/** What each command does. Never throws: what cannot be done is answered. */
import { dequeue, enqueue, wakeLane } from "../order/lanes";
import { remove } from "../order/ranked-heap";
import type { BoardAnswer, BoardCommand, StampedCommand } from "./commands";
import { flawOfWork } from "./flaws";
import { admit, drop, end, stopAttempt } from "./lifecycle";
import type { Board } from "./rules";
import { boardSettings } from "./settings";
import type { BoardSettings } from "./settings";
import type { Task } from "./state";
import { submit } from "./submit";
import { advance, schedule } from "./time";
import { work } from "./work";
import { dispatch, freed } from "./workers";

export function applyCommand(board: Board, command: StampedCommand): BoardAnswer {
  const reason = flawOf(command);
  if (reason !== undefined) return { kind: "invalid", reason };
  advance(board, command.atMs);
  const answer = perform(board, command);
  dispatch(board);
  return answer;
}

function flawOf(command: StampedCommand): string | undefined {
  if (typeof command !== "object" || command === null) return "a command is an object";
  if (!Number.isFinite(command.atMs)) return "the server has not stamped the command";
  if (command.op === "work") return flawOfWork(command);
  const isAboutTasks = ["cancel", "redrive", "discard"].includes(command.op);
  if (isAboutTasks && !Array.isArray((command as { ids?: unknown }).ids)) {
    return `${command.op} needs a list of ids`;
  }
  return undefined;
}

const known = "submit, work, cancel, redrive, discard, cron, drain, configure and tick";

function perform(board: Board, command: StampedCommand): BoardAnswer {
  switch (command.op) {
    case "submit":
      return submit(board, command.tasks, command.isWatched === false ? "" : command.from);
    case "work":
      return work(board, command);
    case "cancel":
      return changeEach(board, command.ids, cancel);
    case "redrive":
      return changeEach(board, command.ids, redrive);
    case "discard":
      return changeEach(board, command.ids, discard);
    case "cron":
      return schedule(board, command, command.from);
    case "drain":
      return drain(board, command);
    case "configure":
      return configure(board, command.settings);
    case "tick":
      return { kind: "ok" };
    default:
      return { kind: "invalid", reason: `the board knows ${known}` };
  }
}

/** The answer names those that it could be done to. */
function changeEach(
  board: Board,
  ids: readonly string[],
  change: (board: Board, task: Task) => readonly string[],
): BoardAnswer {
  const changed = ids.flatMap((id) => {
    const task = board.state.tasks.get(id);
    return task === undefined ? [] : change(board, task);
  });
  return { kind: "changed", ids: changed };
}

/** What runs is stopped by news; whatever it does until then, its outcome is refused. */
function cancel(board: Board, task: Task): readonly string[] {
  if (task.ending !== null) return [];
  const { worker } = task;
  stopAttempt(board.state, task, "cancelled");
  end(board, task, { kind: "cancelled" });
  freed(board.state, worker);
  return [task.spec.id];
}

/** Attempts are counted on, so that tokens rise; failures begin anew. */
function redrive(board: Board, task: Task): readonly string[] {
  const { state } = board;
  const changed: string[] = [];
  const family = [task];
  for (let next = family.pop(); next !== undefined; next = family.pop()) {
    const parents = (next.spec.after ?? []).map((id) => state.tasks.get(id));
    if (next.status !== "dead") continue;
    if (parents.some((one) => one?.status === "dead" || one?.status === "cancelled")) continue;
    Object.assign(next, { failed: 0, ending: null, dueMs: state.nowMs, endNumber: 0 });
    next.missing = parents.filter((one) => one !== undefined && one.status !== "done").length;
    admit(board, next);
    changed.push(next.spec.id);
    for (const id of next.children ?? []) {
      const child = state.tasks.get(id);
      if (child?.ending?.kind === "dead" && child.ending.why === "parent") family.push(child);
    }
  }
  return changed;
}

function discard({ state }: Board, task: Task): readonly string[] {
  if (task.status !== "dead") return [];
  drop(state, task);
  return [task.spec.id];
}

function drain(board: Board, command: Extract<BoardCommand, { op: "drain" }>): BoardAnswer {
  const { state } = board;
  if (command.worker !== null && !state.workers.has(command.worker)) {
    return { kind: "invalid", reason: `no worker is called "${command.worker}"` };
  }
  const isDraining = command.isOver !== true;
  if (command.worker === null) state.isDraining = isDraining;
  for (const worker of state.workers.values()) {
    if (command.worker !== null && command.worker !== worker.id) continue;
    if (command.worker !== null) worker.isDraining = isDraining;
    freed(state, worker.id);
  }
  return { kind: "ok" };
}

/** Limits begin anew; ready tasks are put in order again. */
function configure(board: Board, given: Partial<BoardSettings>): BoardAnswer {
  const { state } = board;
  let settings: BoardSettings;
  if (typeof given !== "object" || given === null) {
    return { kind: "invalid", reason: "configure needs settings" };
  }
  try {
    settings = boardSettings(given);
  } catch (error) {
    return { kind: "invalid", reason: (error as Error).message };
  }
  const ready = [...state.tasks.values()].filter(({ turn }) => turn.place >= 0);
  for (const task of ready) dequeue(board, task);
  for (const tenant of state.tenants.values()) {
    for (const lane of tenant.lanes.values()) {
      remove(state.timers, lane.timer);
      wakeLane(state, lane);
    }
    tenant.lanes.clear();
  }
  state.settings = settings;
  state.arrivalsMs = settings.limits.map(() => 0);
  for (const task of ready) enqueue(board, task);
  return { kind: "ok" };
}
