/**
 * Ready tasks in their order: lanes of one tenant and kind, in pools of the same needs. A pool's
 * first lane is that of the tenant which has had the least, by the most urgent task; a lane whose
 * rate limit is reached stands aside until a timer brings it back.
 *
 * Source: hierarchy as in Hadoop's capacity scheduler: tenants by share, then tasks by priority.
 * Cost: O(log n) a task, times the lanes of its tenant; O(pools) to choose for a worker.
 */
import type { Board } from "../board/rules";
import type { BoardState, Lane, Pool, Task, Tenant, Timed, Worker } from "../board/state";
import { meet } from "./idle";
import { isBefore, place, ranked, remove } from "./ranked-heap";
import { comeBack } from "./shares";

export const everyone = "everyone";

/** The name of the pool for these needs: capabilities are told apart by it. */
function poolKey(needs: readonly string[]): string {
  return JSON.stringify([...new Set(needs)].sort());
}

/** Puts a ready task into its lane. */
export function enqueue({ state, rules }: Board, task: Task): void {
  const lane = laneOf(state, task);
  const { spec, submittedMs, turn } = task;
  const fromMs = submittedMs + (spec.delayMs ?? 0);
  turn.first = rules.urgency(spec, fromMs, state.settings);
  place(lane.tasks, turn);
  if (lane.tenant.ready++ === 0) {
    comeBack(state, lane.tenant);
    for (const other of lane.tenant.lanes.values()) rerank(other);
  }
  rerank(lane);
  state.stirred.add(lane.pool.key);
}

/** Takes a ready task out of its lane. */
export function dequeue({ state }: Board, task: Task): Lane {
  const lane = laneOf(state, task);
  remove(lane.tasks, task.turn);
  lane.tenant.ready--;
  rerank(lane);
  return lane;
}

/** The task that this worker should do next, taken out of its lane; undefined: none for it now. */
export function takeFor(board: Board, worker: Worker): Task | undefined {
  const { state } = board;
  for (;;) {
    const lane = firstLane(state, worker);
    if (lane === undefined) return undefined;
    const waitMs = limitOf(board, lane);
    if (waitMs > 0) {
      standAside(state, lane, { untilMs: state.nowMs + waitMs, number: lane.tasks[0].number });
      continue;
    }
    const { item: task } = lane.tasks[0];
    dequeue(board, task);
    const weight = state.settings.weights[lane.tenant.name] ?? 1;
    board.rules.charge(state, lane.tenant, { cost: task.spec.cost ?? 1, weight });
    for (const other of lane.tenant.lanes.values()) rerank(other);
    return task;
  }
}

/** The rate limit may let its next task through: back in line. */
export function wakeLane(state: BoardState, lane: Lane): void {
  rerank(lane);
  if (lane.tasks.length > 0) state.stirred.add(lane.pool.key);
}

function poolOf(state: BoardState, needs: readonly string[]): Pool {
  const key = poolKey(needs);
  const known = state.pools.get(key);
  if (known !== undefined) return known;
  const pool: Pool = { key, needs: [...needs], lanes: [], idle: [] };
  state.pools.set(key, pool);
  for (const worker of state.workers.values()) meet(state, worker, pool);
  return pool;
}

export function tenantOf(state: BoardState, name: string): Tenant {
  const known = state.tenants.get(name);
  if (known !== undefined) return known;
  const tenant: Tenant = { name, tag: state.virtualTime, ready: 0, lanes: new Map() };
  state.tenants.set(name, tenant);
  return tenant;
}

export function laneOf(state: BoardState, { spec, number }: Pick<Task, "spec" | "number">): Lane {
  const { kind, needs = [kind], tenant: name = everyone } = spec;
  const tenant = tenantOf(state, name);
  const key = spec.needs === undefined ? kind : `${kind} ${poolKey(needs)}`;
  const known = tenant.lanes.get(key);
  if (known !== undefined) return known;
  const lane = {
    ...{ about: "lane" as const, number, pool: poolOf(state, needs), tenant, kind, tasks: [] },
    limits: state.settings.limits.flatMap((limit, index) => {
      const isOf = (limit.tenant ?? name) === name && (limit.kind ?? kind) === kind;
      return isOf ? [index] : [];
    }),
  } as unknown as { -readonly [K in keyof Lane]: Lane[K] };
  lane.rank = ranked<Lane>(lane, 0);
  lane.timer = ranked<Timed>(lane, number);
  tenant.lanes.set(key, lane);
  return lane;
}

/** Among the pools whose needs the worker has. */
function firstLane(state: BoardState, worker: Worker): Lane | undefined {
  let first: Lane | undefined;
  for (const key of worker.idle.keys()) {
    const lane = state.pools.get(key)?.lanes[0]?.item;
    if (lane === undefined) continue;
    if (first === undefined || isBefore(lane.rank, first.rank)) first = lane;
  }
  return first;
}

/** Where the lane stands now; out of the line when it is empty or stands aside. */
function rerank(lane: Lane): void {
  const [head] = lane.tasks;
  if (head === undefined || lane.timer.place >= 0) return remove(lane.pool.lanes, lane.rank);
  lane.rank.first = lane.tenant.tag;
  lane.rank.second = head.first;
  lane.rank.number = head.number;
  place(lane.pool.lanes, lane.rank);
}

/** Takes what the limits ask for, or says how long until they would let it. */
function limitOf({ state, rules }: Board, lane: Lane): number {
  const { settings, arrivalsMs, nowMs } = state;
  if (lane.limits.length === 0) return 0;
  const steps = lane.limits.map((index) => {
    return rules.limit(arrivalsMs[index] ?? 0, nowMs, settings.limits[index]);
  });
  const waits = steps.map(({ result }) => (result.kind === "wait" ? result.afterMs : 0));
  const waitMs = Math.max(...waits);
  if (waitMs > 0) return waitMs;
  lane.limits.forEach((index, at) => (arrivalsMs[index] = steps[at].arrivalMs));
  return 0;
}

/** Also when it stood aside before a snapshot. */
export function standAside(
  state: BoardState,
  lane: Lane,
  { untilMs, number }: { untilMs: number; number: number },
): void {
  lane.timer.first = untilMs;
  lane.timer.second = 1;
  lane.timer.number = number;
  place(state.timers, lane.timer);
  rerank(lane);
}

/** After tags were changed from outside. */
export function rerankAll(state: BoardState): void {
  for (const { lanes } of state.tenants.values()) for (const lane of lanes.values()) rerank(lane);
}
