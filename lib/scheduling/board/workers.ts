/** Workers: who is there, who has room, and what they are given. */
import { hasRoom, leaveIdle, meet, standIdle } from "../order/idle";
import { takeFor } from "../order/lanes";
import { place, ranked, remove } from "../order/ranked-heap";
import type { Lease } from "../task";
import type { Work } from "./commands";
import { begin, failAttempt, tell } from "./lifecycle";
import type { Board } from "./rules";
import type { BoardState, Timed, Worker } from "./state";

const maxWorkers = 10_000;

/** The worker of this life; undefined: what it says is of an older one, or of none that may be. */
export function workerOf(board: Board, command: Work): Worker | undefined {
  const { state } = board;
  const known = state.workers.get(command.worker);
  if (known === undefined) {
    return state.workers.size < maxWorkers ? register(state, command) : undefined;
  }
  const [life, drawn] = command.incarnation;
  const [knownLife, knownDrawn] = known.incarnation;
  if (life < knownLife) return undefined;
  if (life === knownLife && drawn === knownDrawn) {
    return command.sequence > known.sequence ? known : undefined;
  }
  lose(board, known, "its worker started again");
  return register(state, command);
}

function register(state: BoardState, { worker: id, incarnation }: Work): Worker {
  const worker = newWorker({ id, incarnation }, ++state.lastNumber);
  worker.heardMs = state.nowMs;
  state.workers.set(id, worker);
  return worker;
}

export function newWorker(given: Pick<Worker, "id" | "incarnation">, number: number): Worker {
  const worker = {
    ...{ ...given, about: "worker" as const, number, sequence: 0, capabilities: [], capacity: 0 },
    ...{ isDraining: false, heardMs: 0, turn: 0, held: new Set<string>(), idle: new Map() },
  } as unknown as { -readonly [K in keyof Worker]: Worker[K] };
  worker.timer = ranked<Timed>(worker, number);
  return worker;
}

/** What it says of itself counts from now on, and its lease begins anew. */
export function renew(state: BoardState, worker: Worker, command: Work): void {
  const { capabilities, capacity, sequence } = command;
  worker.sequence = sequence;
  worker.capacity = capacity;
  worker.heardMs = state.nowMs;
  if (worker.timer.place < 0) setLease(state, worker);
  const isSame =
    capabilities.length === worker.capabilities.length &&
    capabilities.every((each, at) => each === worker.capabilities[at]);
  if (!isSame) learn(state, worker, capabilities);
}

/** The timer is not moved by every word of the worker, only looked at again when it rings. */
export function setLease(state: BoardState, worker: Worker): void {
  worker.timer.first = worker.heardMs + state.settings.leaseMs;
  place(state.timers, worker.timer);
}

/** What it is capable of, and so in which pools it may stand idle. */
export function learn(state: BoardState, worker: Worker, capabilities: readonly string[]): void {
  leaveIdle(state, worker);
  worker.capabilities = [...capabilities];
  worker.idle = new Map();
  for (const pool of state.pools.values()) meet(state, worker, pool);
}

/** Its tasks go to others; a worker that ends tasks by ending itself uses up their attempts. */
export function lose(board: Board, worker: Worker, detail: string): void {
  const { state } = board;
  leaveIdle(state, worker);
  remove(state.timers, worker.timer);
  state.workers.delete(worker.id);
  for (const id of [...worker.held]) {
    const task = state.tasks.get(id);
    if (task !== undefined) failAttempt(board, task, { why: "workerLost", detail });
  }
}

/** Gives it what it has room for. */
export function fill(board: Board, worker: Worker): Lease[] {
  const leases: Lease[] = [];
  while (hasRoom(board.state, worker)) {
    const task = takeFor(board, worker);
    if (task === undefined) break;
    leases.push(begin(board, task, worker));
  }
  standIdle(board.state, worker);
  return leases;
}

/** It has room again, by what others did. */
export function freed(state: BoardState, id: string): void {
  const worker = state.workers.get(id);
  if (worker === undefined) return;
  standIdle(state, worker);
  for (const key of worker.idle.keys()) state.stirred.add(key);
}

/** What became ready goes to who stands idle, who is told. */
export function dispatch(board: Board): void {
  const { state } = board;
  if (state.stirred.size === 0) return;
  // By name: pools were met in another order by a replica that had them from a snapshot.
  for (const key of [...state.stirred].sort()) {
    const pool = state.pools.get(key);
    while (pool !== undefined && pool.lanes.length > 0 && pool.idle.length > 0) {
      const worker = pool.idle[0].item;
      const task = takeFor(board, worker);
      if (task === undefined) break;
      const lease = begin(board, task, worker);
      standIdle(state, worker);
      tell(state, { kind: "lease", to: worker.id, lease });
    }
  }
  state.stirred.clear();
}
