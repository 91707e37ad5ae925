/**
 * Sells the same trains by threads in three ways, and measures bookings a second and tries thrown
 * away against the number of trains: one is the hottest that there can be.
 */
import { join } from "path";
import { Worker } from "worker_threads";
import { assert, wholeInRange } from "../../../../basics";
import type { ThreadReport, ThreadSetup } from "./contention-thread";
import { mailboxes } from "./mailbox";
import { maskOf, sharedTrains } from "./train-memory";

export interface ContentionExperiment {
  readonly way: ThreadSetup["way"];
  /** 1 to 1,000. */
  readonly trains: number;
  /** That ask; a single writer is one more. 1 to 16, default 4. */
  readonly threads?: number;
  /** Default 1,000 ms. */
  readonly forMs?: number;
  readonly seed?: number;
}

export interface ContentionRow {
  readonly way: ThreadSetup["way"];
  readonly trains: number;
  readonly bookedPerSecond: number;
  /** Tries that were thrown away for each booking. */
  readonly abortsPerBooking: number;
}

/** Throws an AssertionError if a berth is held twice on a stretch. */
export async function compareContention(experiment: ContentionExperiment): Promise<ContentionRow> {
  const { way, trains: trainCount, threads = 4, forMs = 1_000, seed = 1 } = experiment;
  wholeInRange("trains", trainCount, { min: 1, max: 1_000 });
  wholeInRange("threads", threads, { min: 1, max: 16 });
  const trains = sharedTrains(trainCount);
  const go = new Int32Array(new SharedArrayBuffer(4));
  const holds = Math.floor((400 * trainCount) / threads);
  const setup = { way, trains, trainCount, threads, seed, forMs, holds, go };
  const boxes = mailboxes(threads);
  const numbers = Array.from({ length: threads }, (_, thread) => thread);
  if (way === "single writer") numbers.push(-1);
  const workers = numbers.map((thread) => start({ ...setup, boxes, thread }));
  await Promise.all(workers.map(({ online }) => online));
  Atomics.store(go, 0, 1);
  Atomics.notify(go, 0);
  const reports = await Promise.all(workers.map(({ report }) => report));
  checkHeld(trains.taken, reports);
  const booked = reports.reduce((sum, report) => sum + report.booked, 0);
  const aborts = reports.reduce((sum, report) => sum + report.aborts, 0);
  return {
    way,
    trains: trainCount,
    bookedPerSecond: booked / (forMs / 1_000),
    abortsPerBooking: aborts / booked,
  };
}

function start(setup: ThreadSetup): { online: Promise<void>; report: Promise<ThreadReport> } {
  const worker = new Worker(join(__dirname, "contention-thread.js"), { workerData: setup });
  const online = new Promise<void>((up) => worker.once("online", up));
  const report = new Promise<ThreadReport>((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
  return { online, report };
}

/** The berths that threads say they hold are all different, and just those that are taken. */
function checkHeld(taken: Int32Array, reports: readonly ThreadReport[]): void {
  const counted = new Int32Array(taken.length);
  for (const { berth, stops } of reports.flatMap(({ held }) => held)) {
    const mask = maskOf(stops);
    assert(((counted[berth] as number) & mask) === 0, "a berth is sold once", { berth, stops });
    (counted[berth] as number) |= mask;
  }
  counted.forEach((mask, berth) => {
    assert(taken[berth] === mask, "what is taken is held by somebody", { berth });
  });
}
