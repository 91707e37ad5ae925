/** Workers that have room, in each pool whose needs they have: who was given nothing longest. */
import type { BoardState, Pool, Worker } from "../board/state";
import { place, ranked, remove } from "./ranked-heap";

export function hasRoom(state: BoardState, { held, capacity, isDraining }: Worker): boolean {
  return held.size < capacity && !isDraining && !state.isDraining;
}

/** From now on the worker may stand idle in the pool, if it has what is needed there. */
export function meet(state: BoardState, worker: Worker, pool: Pool): void {
  if (!pool.needs.every((need) => worker.capabilities.includes(need))) return;
  const entry = ranked(worker, worker.number);
  worker.idle.set(pool.key, entry);
  if (!hasRoom(state, worker)) return;
  entry.first = worker.turn;
  place(pool.idle, entry);
}

/** Among the idle where it has room, out of the line where it has not. */
export function standIdle(state: BoardState, worker: Worker): void {
  if (!hasRoom(state, worker)) return leaveIdle(state, worker);
  for (const [key, entry] of worker.idle) {
    const pool = state.pools.get(key);
    if (pool === undefined) continue;
    entry.first = worker.turn;
    place(pool.idle, entry);
  }
}

export function leaveIdle(state: BoardState, worker: Worker): void {
  for (const [key, entry] of worker.idle) {
    const pool = state.pools.get(key);
    if (pool !== undefined) remove(pool.idle, entry);
  }
}
