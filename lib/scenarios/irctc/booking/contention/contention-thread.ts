/** A thread of the comparison: sells and takes back berths until time is up, then tells. */
import { performance } from "perf_hooks";
import { parentPort, workerData } from "worker_threads";
import { Random } from "../../../../basics";
import { batch, post, serve } from "./mailbox";
import type { Request } from "./mailbox";
import { journeyFrom } from "./train-memory";
import type { SharedTrains } from "./train-memory";
import { optimistic, pessimistic } from "./strategies";
import type { Held, Strategy } from "./strategies";

export interface ThreadSetup {
  readonly way: "pessimistic" | "optimistic" | "single writer";
  readonly trains: SharedTrains;
  readonly trainCount: number;
  readonly boxes: Int32Array;
  /** From 0; the writer is -1. */
  readonly thread: number;
  readonly threads: number;
  readonly seed: number;
  readonly forMs: number;
  /** Berths that a thread holds before it gives back its oldest. */
  readonly holds: number;
  /** Threads wait for it to be 1: all begin together. */
  readonly go: Int32Array;
}

export interface ThreadReport {
  readonly booked: number;
  readonly aborts: number;
  readonly held: readonly Held[];
}

function run(setup: ThreadSetup): ThreadReport {
  const { way, boxes, trains, thread, threads, go, forMs } = setup;
  Atomics.wait(go, 0, 0);
  const endMs = performance.now() + forMs;
  const isOver = (): boolean => performance.now() >= endMs;
  if (thread < 0) {
    // The others may have a batch under way when time is up.
    serve(boxes, trains, { threads, isOver: () => performance.now() >= endMs + 200 });
    return { booked: 0, aborts: 0, held: [] };
  }
  if (way === "single writer") return byMail(setup, isOver);
  return inTurns(setup, way === "optimistic" ? optimistic(trains) : pessimistic(trains), isOver);
}

function inTurns(setup: ThreadSetup, strategy: Strategy, isOver: () => boolean): ThreadReport {
  const random = new Random(setup.seed, setup.thread);
  const held: Held[] = [];
  let given = 0;
  let booked = 0;
  while (!isOver()) {
    for (let i = 0; i < batch; i++) {
      const train = random.below(setup.trainCount);
      const stops = journeyFrom(() => random.next());
      const berth = strategy.book(train, stops);
      if (berth >= 0) {
        booked++;
        held.push({ berth, train, stops });
      }
      if (held.length - given > setup.holds) strategy.release(held[given++] as Held);
    }
  }
  return { booked, aborts: strategy.aborts, held: held.slice(given) };
}

function byMail(setup: ThreadSetup, isOver: () => boolean): ThreadReport {
  const random = new Random(setup.seed, setup.thread);
  const held: Held[] = [];
  let given = 0;
  let booked = 0;
  while (!isOver()) {
    const requests: Request[] = [];
    while (held.length - given > setup.holds && requests.length < batch / 2) {
      const { berth, train, stops } = held[given++] as Held;
      requests.push({ isRelease: true, train, ...stops, berth });
    }
    while (requests.length < batch) {
      const train = random.below(setup.trainCount);
      requests.push({ isRelease: false, train, ...journeyFrom(() => random.next()), berth: -1 });
    }
    const berths = post(setup.boxes, setup.thread, requests);
    requests.forEach(({ isRelease, train, from, to }, i) => {
      const berth = berths[i] as number;
      if (isRelease || berth < 0) return;
      booked++;
      held.push({ berth, train, stops: { from, to } });
    });
  }
  return { booked, aborts: 0, held: held.slice(given) };
}

parentPort?.postMessage(run(workerData as ThreadSetup));
