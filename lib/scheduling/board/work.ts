/** What a worker says, all at once: outcomes, what it still has, and how much it can take. */
import type { BoardAnswer, Failed, Finished, Held, Stop, Work } from "./commands";
import { end, failAttempt, giveBack, leaseOf } from "./lifecycle";
import type { Board } from "./rules";
import type { Task, Worker } from "./state";
import { fill, renew, workerOf } from "./workers";

type Stale = { readonly id: string; readonly attempt: number };

export function work(board: Board, command: Work): BoardAnswer {
  const worker = workerOf(board, command);
  if (worker === undefined) return { kind: "outdated" };
  renew(board.state, worker, command);
  const stale: Stale[] = [];
  for (const one of command.finished ?? []) if (!finish(board, worker, one)) stale.push(one);
  for (const one of command.failed ?? []) if (!fail(board, worker, one)) stale.push(one);
  for (const one of command.returned ?? []) if (!takeBack(board, worker, one)) stale.push(one);
  board.state.totals.stale += stale.length;
  const { leases, stops } = reconcile(board, worker, command.held);
  const { isDraining } = worker;
  return {
    kind: "work",
    leases: [...leases, ...fill(board, worker)],
    stops,
    stale: stale.map(({ id, attempt }) => ({ id, attempt })),
    isDraining,
  };
}

/** The task, if this attempt of it is the worker's to speak of. */
function current(board: Board, worker: Worker, { id, attempt }: Stale): Task | undefined {
  const task = board.state.tasks.get(id);
  return task !== undefined && board.rules.isCurrent(task, attempt, worker.id) ? task : undefined;
}

/** False: it comes too late. The same words again are as good as the first time. */
function finish(board: Board, worker: Worker, finished: Finished): boolean {
  const { id, attempt, result = null } = finished;
  const task = current(board, worker, finished);
  if (task !== undefined) {
    end(board, task, { kind: "done", result, attempt });
    return true;
  }
  const ending = board.state.tasks.get(id)?.ending;
  return ending?.kind === "done" && ending.attempt === attempt;
}

function fail(board: Board, worker: Worker, failed: Failed): boolean {
  const task = current(board, worker, failed);
  if (task === undefined) return false;
  const { reason: detail, isFinal = false } = failed;
  failAttempt(board, task, { why: "failed", detail, isFinal });
  return true;
}

function takeBack(board: Board, worker: Worker, returned: Held): boolean {
  const task = current(board, worker, returned);
  if (task !== undefined) giveBack(board, task);
  return task !== undefined;
}

/** A heartbeat names all that the worker has: what it should not have, and what it lacks. */
function reconcile(board: Board, worker: Worker, held: Work["held"]) {
  if (held === undefined) return { leases: [], stops: [] };
  const named = new Set<string>();
  const stops: Stop[] = [];
  for (const { id, attempt, progress } of held) {
    const task = current(board, worker, { id, attempt });
    if (task === undefined) {
      stops.push({ id, attempt, why: "notYours" });
      continue;
    }
    named.add(id);
    if (progress !== undefined) task.progress = progress;
  }
  const leases = board.rules.unheard(worker, named).flatMap((id) => {
    const task = board.state.tasks.get(id);
    return task === undefined ? [] : [leaseOf(task)];
  });
  return { leases, stops };
}
