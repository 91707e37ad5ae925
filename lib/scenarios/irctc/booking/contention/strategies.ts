/**
 * Two of the three ways to let threads sell the same train: a lock for whoever is at it, or a
 * version that tells whether anybody else was. The third, one writer for all, is in mailbox.ts.
 *
 * Source: the lock is U. Drepper's "Futexes are tricky", 2011, section 5, mutex 2; the versions are
 * H. Kung and J. Robinson, "On optimistic methods for concurrency control", TODS 1981: read,
 * validate, write.
 */
import type { Stops } from "../berth-map";
import { maskOf, tightest } from "./train-memory";
import type { SharedTrains } from "./train-memory";

/** A berth on a journey that a thread has sold. */
export interface Held {
  readonly berth: number;
  readonly train: number;
  readonly stops: Stops;
}

export interface Strategy {
  /** The berth that was sold, or -1. */
  book(train: number, stops: Stops): number;
  release(held: Held): void;
  /** Tries that were thrown away, because somebody else was faster. */
  aborts: number;
}

/** Everybody waits for the train's lock, then chooses and takes in peace. */
export function pessimistic(trains: SharedTrains): Strategy {
  const { taken, locks } = trains;
  const within = <Result>(train: number, work: () => Result): Result => {
    lock(locks, train);
    const result = work();
    if (Atomics.exchange(locks, train, 0) === 2) Atomics.notify(locks, train, 1);
    return result;
  };
  return {
    aborts: 0,
    book: (train, stops) =>
      within(train, () => {
        const berth = tightest(trains, train, stops);
        if (berth >= 0) (taken[berth] as number) |= maskOf(stops);
        return berth;
      }),
    release: ({ berth, train, stops }) =>
      within(train, () => void ((taken[berth] as number) &= ~maskOf(stops))),
  };
}

function lock(locks: Int32Array, train: number): void {
  if (Atomics.compareExchange(locks, train, 0, 1) === 0) return;
  while (Atomics.exchange(locks, train, 2) !== 0) Atomics.wait(locks, train, 2);
}

/** Nobody waits: who finds that the train has changed since the look begins anew. */
export function optimistic(trains: SharedTrains): Strategy {
  const { taken, versions } = trains;
  const strategy: Strategy = {
    aborts: 0,
    book(train, stops) {
      for (;;) {
        const version = evenVersion(versions, train);
        const berth = tightest(trains, train, stops);
        if (berth < 0 && Atomics.load(versions, train) === version) return -1;
        if (
          berth >= 0 &&
          Atomics.compareExchange(versions, train, version, version + 1) === version
        ) {
          (taken[berth] as number) |= maskOf(stops);
          Atomics.store(versions, train, version + 2);
          return berth;
        }
        strategy.aborts++;
      }
    },
    release({ berth, train, stops }) {
      for (;;) {
        const version = evenVersion(versions, train);
        if (Atomics.compareExchange(versions, train, version, version + 1) !== version) continue;
        (taken[berth] as number) &= ~maskOf(stops);
        return void Atomics.store(versions, train, version + 2);
      }
    },
  };
  return strategy;
}

/** A writer is done within a few instructions, unless its thread was put aside meanwhile. */
function evenVersion(versions: Int32Array, train: number): number {
  for (;;) {
    const version = Atomics.load(versions, train);
    if ((version & 1) === 0) return version;
  }
}
