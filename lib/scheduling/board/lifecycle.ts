/**
 * How a task goes from one status to the next: blocked, delayed, ready, running, and its ending.
 * Whoever changes a status does it here, so that counts, timers and queues stay in step.
 *
 * Cost: O(log n) each; an ending moreover O(1) for each child.
 */
import { dequeue, enqueue } from "../order/lanes";
import { place, remove } from "../order/ranked-heap";
import type { Ending, Failure, Lease, TaskStatus, Why } from "../task";
import type { BoardNews, Stop } from "./commands";
import type { Board } from "./rules";
import type { BoardState, Line, Task, Worker } from "./state";

const keptFailures = 5;
const isWaiting: Readonly<Record<TaskStatus, number>> = {
  ...{ blocked: 1, delayed: 1, ready: 1, running: 0, done: 0, dead: 0, cancelled: 0 },
};

/** A task that has just come, or comes again: to where it can wait. */
export function admit(board: Board, task: Task): void {
  const { nowMs } = board.state;
  if (task.missing > 0) return become(board, task, "blocked");
  become(board, task, task.dueMs > nowMs ? "delayed" : "ready");
}

/** Counts it in its new status, and out of the old one. */
export function become(board: Board, task: Task, status: TaskStatus): void {
  const { state } = board;
  if (task.status === "ready" && task.turn.place >= 0) dequeue(board, task);
  state.statuses[task.status]--;
  state.waiting -= isWaiting[task.status];
  task.status = status;
  state.statuses[status]++;
  state.waiting += isWaiting[status];
  setTimer(state, task);
  if (status === "ready") enqueue(board, task);
}

/** A task that the board did not have: counted for the first time. */
export function enter(board: Board, task: Task): void {
  const { state } = board;
  state.tasks.set(task.spec.id, task);
  state.statuses[task.status]++;
  state.waiting += isWaiting[task.status];
}

/** The next thing that time does to it; Infinity: nothing. */
function timerMs(task: Task): number {
  const { spec, status, submittedMs, startedMs, dueMs } = task;
  if (task.ending !== null) return Infinity;
  const expiresMs = submittedMs + (spec.expiresMs ?? Infinity);
  if (status === "delayed") return Math.min(dueMs, expiresMs);
  if (status !== "running") return expiresMs;
  return Math.min(startedMs + (spec.timeoutMs ?? Infinity), expiresMs);
}

export function setTimer(state: BoardState, task: Task): void {
  const atMs = timerMs(task);
  if (atMs === Infinity) return remove(state.timers, task.timer);
  task.timer.first = atMs;
  place(state.timers, task.timer);
}

/** Gives a ready task, taken out of its lane, to a worker. */
export function begin(board: Board, task: Task, worker: Worker): Lease {
  const { state, rules } = board;
  task.attempt = rules.nextAttempt(task);
  task.worker = worker.id;
  task.startedMs = state.nowMs;
  task.progress = null;
  worker.held.add(task.spec.id);
  worker.turn = ++state.lastTurn;
  state.totals.attempts++;
  become(board, task, "running");
  return leaseOf(task);
}

export function leaseOf({ spec, attempt }: Task): Lease {
  const { id, kind, payload = null, tenant = "everyone" } = spec;
  return { id, attempt, kind, payload, tenant };
}

/** An attempt has failed: another one later, or none. */
export function failAttempt(
  board: Board,
  task: Task,
  { why, detail, isFinal = false }: { why: Why; detail: string; isFinal?: boolean },
): void {
  const { state, rules } = board;
  const { attempt, worker, spec } = task;
  letGo(state, task);
  const failure: Failure = { attempt, why, detail, worker };
  task.failures = [...task.failures, failure].slice(-keptFailures);
  task.failed++;
  const maxAttempts = spec.maxAttempts ?? state.settings.maxAttempts;
  if (isFinal || rules.isHopeless(task, maxAttempts)) return bury(board, task, { why, detail });
  task.dueMs = state.nowMs + rules.retryMs(state, task);
  admit(board, task);
}

/** Back in line, as if it had not been begun. */
export function giveBack(board: Board, task: Task): void {
  letGo(board.state, task);
  admit(board, task);
}

/** It becomes a dead letter, and so do those that wait for it. */
export function bury(
  board: Board,
  task: Task,
  { why, detail }: { why: Why; detail: string },
): void {
  end(board, task, { kind: "dead", why, detail, failures: task.failures });
}

/** The worker that has it is told to stop. */
export function stopAttempt(state: BoardState, task: Task, why: Stop["why"]): void {
  if (task.status !== "running") return;
  const stop = { id: task.spec.id, attempt: task.attempt, why };
  tell(state, { kind: "stop", to: task.worker, stop });
}

/** The task has ended, in whatever way; its children follow. */
export function end(board: Board, task: Task, ending: Ending): void {
  endOne(board, task, ending);
  endFamily(board, task);
}

/** What follows for those that wait for it, and for those that wait for them. */
function endFamily(board: Board, task: Task): void {
  if (task.children === null) return;
  const family = [task];
  for (let parent = family.pop(); parent !== undefined; parent = family.pop()) {
    const isDone = parent.ending?.kind === "done";
    for (const id of isDone ? (parent.children ?? []) : board.rules.orphans(parent)) {
      const child = board.state.tasks.get(id);
      if (child?.status !== "blocked" || !isParent(parent, child)) continue;
      if (isDone) release(board, child);
      else {
        endOne(board, child, orphanedBy(parent));
        family.push(child);
      }
    }
  }
}

/** A parent that it waits for will never be done. */
export function bereave(board: Board, child: Task, parent: Task): void {
  end(board, child, orphanedBy(parent));
}

/** A child of this name may have been submitted anew since. */
function isParent(parent: Task, child: Task): boolean {
  return (child.spec.after ?? []).includes(parent.spec.id);
}

/** One of its parents is done. */
function release(board: Board, child: Task): void {
  child.missing--;
  if (child.missing <= 0) admit(board, child);
}

function orphanedBy({ ending, spec }: Task): Ending {
  const cause = ending?.kind === "dead" ? `is dead (${causeOf(ending)})` : "was cancelled";
  return { kind: "dead", why: "parent", detail: `its parent ${spec.id} ${cause}`, failures: [] };
}

/** The cause at the root, however long the chain is. */
function causeOf(ending: Extract<Ending, { kind: "dead" }>): string {
  const inner = /\((.*)\)$/.exec(ending.detail);
  return ending.why === "parent" && inner !== null ? inner[1] : `${ending.why}: ${ending.detail}`;
}

function endOne(board: Board, task: Task, ending: Ending): void {
  const { state } = board;
  letGo(state, task);
  task.ending = ending;
  task.endedMs = state.nowMs;
  task.endNumber = ++state.lastNumber;
  task.progress = null;
  become(board, task, ending.kind);
  state.totals[ending.kind]++;
  countPace(state);
  const line = ending.kind === "dead" ? state.dead : state.ended;
  line.entries.push({ id: task.spec.id, number: task.endNumber });
  if (task.owner !== "") {
    tell(state, { kind: "ended", to: task.owner, id: task.spec.id, ending });
  }
}

/** Its worker has it no more. */
function letGo(state: BoardState, task: Task): void {
  if (task.worker === "") return;
  state.workers.get(task.worker)?.held.delete(task.spec.id);
  task.worker = "";
}

function countPace({ pace, nowMs }: BoardState): void {
  const second = Math.floor(nowMs / 1_000);
  if (second !== pace.second) {
    pace.before = second === pace.second + 1 ? pace.count : 0;
    pace.second = second;
    pace.count = 0;
  }
  pace.count++;
}

export function tell(state: BoardState, news: BoardNews): void {
  state.news.push(news);
}

/** Forgets the oldest endings that are too many, or too old. */
export function forget(state: BoardState): void {
  const { maxEnded, maxDead, retentionMs } = state.settings;
  const oldestMs = state.nowMs - retentionMs;
  trim(state, state.ended, (count, endedMs) => count > maxEnded || endedMs < oldestMs);
  trim(state, state.dead, (count) => count > maxDead);
}

function trim(
  state: BoardState,
  line: Line,
  isOver: (count: number, endedMs: number) => boolean,
): void {
  while (line.head < line.entries.length) {
    const { id, number } = line.entries[line.head];
    const task = state.tasks.get(id);
    const isThis = task?.endNumber === number && task.ending !== null;
    if (isThis && !isOver(line.entries.length - line.head, task.endedMs)) break;
    if (isThis && task.status === "dead") state.totals.forgottenDead++;
    if (isThis) drop(state, task);
    line.head++;
  }
  if (line.head < 1_000 || line.head * 2 < line.entries.length) return;
  line.entries = line.entries.slice(line.head);
  line.head = 0;
}

export function drop(state: BoardState, task: Task): void {
  state.tasks.delete(task.spec.id);
  state.statuses[task.status]--;
}
