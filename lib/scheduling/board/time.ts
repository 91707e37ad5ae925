/** What time does: delays end, leases and attempts run out, limits give way, cron rings. */
import { InputError } from "../../basics";
import { nextCronMs } from "../cron";
import { wakeLane } from "../order/lanes";
import { place, remove } from "../order/ranked-heap";
import type { BoardAnswer, BoardCommand } from "./commands";
import { flawOfCron } from "./flaws";
import { admit, bury, failAttempt, forget, stopAttempt } from "./lifecycle";
import type { Board } from "./rules";
import type { BoardState, Cron, Task, Timed, Worker } from "./state";
import { ranked } from "../order/ranked-heap";
import { submit } from "./submit";
import { freed, lose, setLease } from "./workers";

const maxCrons = 10_000;

/** Nothing happens by itself before this; Infinity: nothing at all. */
export function nextTimerMs({ timers }: BoardState): number {
  return timers[0]?.first ?? Infinity;
}

/** It is so late now. Time does not run backwards. */
export function advance(board: Board, atMs: number): void {
  const { state } = board;
  state.nowMs = Math.max(state.nowMs, atMs);
  while (state.timers.length > 0 && state.timers[0].first <= state.nowMs) {
    const { item } = state.timers[0];
    remove(state.timers, item.timer);
    ring(board, item);
  }
  forget(state);
}

function ring(board: Board, item: Timed): void {
  switch (item.about) {
    case "task":
      return ringTask(board, item);
    case "worker":
      return ringWorker(board, item);
    case "lane":
      return wakeLane(board.state, item);
    case "cron":
      return ringCron(board, item);
  }
}

function ringTask(board: Board, task: Task): void {
  const { state } = board;
  const { spec, worker, status, submittedMs } = task;
  if (submittedMs + (spec.expiresMs ?? Infinity) <= state.nowMs) {
    stopAttempt(state, task, "expired");
    const detail = `it had not ended ${spec.expiresMs} ms after its submission`;
    bury(board, task, { why: "expired", detail });
  } else if (status === "running") {
    stopAttempt(state, task, "timedOut");
    failAttempt(board, task, { why: "timedOut", detail: `it took over ${spec.timeoutMs} ms` });
  } else admit(board, task);
  if (worker !== "") freed(state, worker);
}

function ringWorker(board: Board, worker: Worker): void {
  const { nowMs, settings, totals } = board.state;
  // It was heard since: its turn comes when its lease ends, and among what else is due then.
  if (worker.timer.first < worker.heardMs + settings.leaseMs) return setLease(board.state, worker);
  if (!board.rules.isSilent(worker, nowMs, settings.leaseMs)) return;
  totals.expiredLeases += worker.held.size;
  lose(board, worker, `its worker was silent for ${settings.leaseMs} ms`);
}

/** Registers, replaces or ends a cron job. */
export function schedule(
  board: Board,
  command: Extract<BoardCommand, { op: "cron" }>,
  owner: string,
): BoardAnswer {
  const { state } = board;
  const { name, expression, timeZone = "Asia/Kolkata", task } = command;
  const last = state.crons.get(name);
  if (expression === null) {
    if (last !== undefined) remove(state.timers, last.timer);
    state.crons.delete(name);
    return { kind: "ok" };
  }
  if (task === undefined) return { kind: "invalid", reason: `cron job "${name}" has no task` };
  const reason = flawOfCron(command, task);
  if (reason !== undefined) return { kind: "invalid", reason };
  if (state.crons.size >= maxCrons) {
    return { kind: "invalid", reason: `there are ${maxCrons} cron jobs already` };
  }
  const cron = newCron({ name, expression, timeZone, task, owner }, ++state.lastNumber);
  try {
    setCron(state, cron);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { kind: "invalid", reason: error.message };
  }
  if (last !== undefined) remove(state.timers, last.timer);
  state.crons.set(name, cron);
  return { kind: "ok" };
}

export function newCron(
  given: Pick<Cron, "name" | "expression" | "timeZone" | "task" | "owner">,
  number: number,
): Cron {
  const cron = { ...given, about: "cron", number } as { -readonly [K in keyof Cron]: Cron[K] };
  cron.timer = ranked<Timed>(cron, number);
  return cron;
}

/** The next time; of those that passed while the board stood still, only the first was kept. */
function setCron(state: BoardState, cron: Cron): void {
  const { epochMs } = state.settings;
  const { expression, timeZone, timer } = cron;
  timer.first = nextCronMs(expression, epochMs + state.nowMs, { timeZone }) - epochMs;
  place(state.timers, timer);
}

function ringCron(board: Board, cron: Cron): void {
  const { state } = board;
  const { name, owner, timer } = cron;
  const id = `${name}@${timer.first + state.settings.epochMs}`;
  const answer = submit(board, [{ ...cron.task, id }], owner);
  if (answer.kind !== "submitted") state.totals.skippedCron++;
  setCron(state, cron);
}
