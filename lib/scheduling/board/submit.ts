/**
 * New tasks: all of a submission, or none. Those that are known already are answered with how they
 * stand, so that a submission may be repeated; a full board says when to come again.
 */
import { isDeepStrictEqual } from "util";
import { defaultPriority } from "../order/urgency";
import type { TaskSpec } from "../task";
import type { BoardAnswer, Known } from "./commands";
import { flawOfBatch } from "./flaws";
import { circleOf } from "./graph";
import { admit, bereave, enter } from "./lifecycle";
import type { Board } from "./rules";
import { newTask } from "./state";
import type { BoardState, Task } from "./state";

const maxTenants = 10_000;

export function submit(board: Board, tasks: readonly TaskSpec[], owner: string): BoardAnswer {
  const { state, rules } = board;
  const reason = flawOfBatch(tasks);
  if (reason !== undefined) return { kind: "invalid", reason };
  const fresh: TaskSpec[] = [];
  const known: Known[] = [];
  for (const spec of tasks) {
    const task = state.tasks.get(spec.id);
    if (!rules.isKnown(task)) fresh.push(spec);
    else if (!isSame(task.spec, spec)) return { kind: "invalid", reason: takenBy(spec, task.spec) };
    else known.push({ id: spec.id, status: task.status, ending: task.ending });
  }
  if (fresh.length === 0) return { kind: "submitted", known };
  const refusal = refusalOf(state, fresh);
  if (refusal !== undefined) return refusal;
  enterAll(board, fresh, owner);
  return { kind: "submitted", known };
}

/** Whether the same is to be done. */
function isSame(known: TaskSpec, spec: TaskSpec): boolean {
  const [payload = null, other = null] = [known.payload, spec.payload];
  return known.kind === spec.kind && isDeepStrictEqual(payload, other);
}

/** An idempotency key must not hide that something else is wanted this time. */
function takenBy(spec: TaskSpec, known: TaskSpec): string {
  const what = known.kind === spec.kind ? "payload" : "kind";
  return `the id "${spec.id}" is taken by a task with another ${what}: an id means one task`;
}

function refusalOf(state: BoardState, fresh: readonly TaskSpec[]): BoardAnswer | undefined {
  const { settings, totals, tenants } = state;
  if (state.isDraining) return { kind: "draining" };
  const { maxWaiting } = settings;
  if (fresh.length > maxWaiting) {
    const reason = `a submission of ${fresh.length} tasks never fits: maxWaiting is ${maxWaiting}`;
    return { kind: "invalid", reason };
  }
  const retryAfterMs = retryAfter(state, fresh);
  if (retryAfterMs > 0) {
    totals.refused += fresh.length;
    return { kind: "full", retryAfterMs };
  }
  const strangers = new Set<string>();
  for (const { tenant = "everyone" } of fresh) if (!tenants.has(tenant)) strangers.add(tenant);
  if (tenants.size + strangers.size > maxTenants) {
    return { kind: "invalid", reason: `there are ${maxTenants} tenants at most` };
  }
  const reason = flawOfParents(state, fresh);
  return reason === undefined ? undefined : { kind: "invalid", reason };
}

/**
 * 0: there is room. Else the time in which, at the pace of the last second, there would be; the
 * less urgent are refused first, where the settings say so.
 */
function retryAfter({ settings, waiting, pace }: BoardState, fresh: readonly TaskSpec[]): number {
  let most = settings.maxWaiting;
  for (const shed of settings.shedding) {
    const isShed = fresh.some(({ priority = defaultPriority }) => priority >= shed.priority);
    if (isShed) most = Math.min(most, settings.maxWaiting * shed.above);
  }
  const over = waiting + fresh.length - most;
  if (over <= 0) return 0;
  const perMs = Math.max(pace.count, pace.before) / 1_000;
  return perMs === 0 ? 1_000 : Math.min(60_000, Math.max(50, Math.ceil(over / perMs)));
}

function flawOfParents(state: BoardState, fresh: readonly TaskSpec[]): string | undefined {
  const dependent = fresh.filter(({ after = [] }) => after.length > 0);
  if (dependent.length === 0) return undefined;
  const own = new Set(fresh.map(({ id }) => id));
  for (const { id, after = [] } of dependent) {
    const stranger = after.find((parent) => !own.has(parent) && !state.tasks.has(parent));
    if (stranger !== undefined) {
      return `task "${id}" waits for "${stranger}", which is not known, or was forgotten`;
    }
  }
  const circle = circleOf(fresh);
  if (circle === undefined) return undefined;
  return `the tasks wait for each other in a circle: ${circle.slice(0, 20).join(" -> ")}`;
}

function enterAll(board: Board, fresh: readonly TaskSpec[], owner: string): void {
  const { state } = board;
  const { nowMs } = state;
  const tasks = fresh.map((spec) => {
    const task = newTask(copyOf(spec), { number: ++state.lastNumber, owner, nowMs });
    enter(board, task);
    return task;
  });
  state.totals.submitted += tasks.length;
  for (const task of tasks) if (task.spec.after !== undefined) link(board, task);
  for (const task of tasks) if (task.ending === null) admitChild(board, task);
}

/** A parent that has ended otherwise than well takes it along at once. */
function admitChild(board: Board, task: Task): void {
  const parents = (task.spec.after ?? []).map((id) => board.state.tasks.get(id));
  const gone = parents.find((one) => one?.status === "dead" || one?.status === "cancelled");
  if (gone === undefined) return admit(board, task);
  bereave(board, task, gone);
}

function link({ state, rules }: Board, task: Task): void {
  const parents = (task.spec.after ?? []).map((id) => state.tasks.get(id));
  task.missing = rules.missing(parents);
  for (const parent of parents) {
    if (parent !== undefined) (parent.children ??= new Set()).add(task.spec.id);
  }
}

/** What was submitted may be frozen, and hold more than it should. */
function copyOf(spec: TaskSpec): TaskSpec {
  return spec.after === undefined ? { ...spec } : { ...spec, after: [...new Set(spec.after)] };
}
