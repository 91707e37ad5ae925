/** Runs the thread of client-thread.ts. */
import { join } from "node:path";
import { Worker } from "node:worker_threads";

export interface ClientJob {
  readonly port: number;
  readonly connections: number;
  readonly seconds: number;
}

/** Times in ms from the start. */
export interface ClientReport {
  /** Of each request that was answered: when, after how long, by whom. */
  readonly endsMs: number[];
  readonly latenciesMs: number[];
  readonly backEnds: string[];
  /** When the others were given up. */
  readonly failedMs: number[];
}

/** `onStart` is called when its clock begins. */
export async function runClient(job: ClientJob, onStart?: () => void): Promise<ClientReport> {
  const worker = new Worker(join(__dirname, "client-thread.js"), { workerData: job });
  return new Promise((done, failed) => {
    worker.on("message", (message: "started" | ClientReport) => {
      if (message === "started") onStart?.();
      else done(message);
    });
    worker.once("error", failed);
  });
}
