/**
 * What it costs to run a task that does nothing: through our queue, through fastq (its promise API,
 * a fixed function for all tasks) and through p-queue. A round submits all tasks and waits for all.
 */
import { promise as fastqPromise } from "fastq";
import type { queueAsPromised } from "fastq";
import { TaskQueue } from "dabbawala/scheduling";
import { interleaved, rate } from "../benchmark";
import type { BenchmarkRow } from "../benchmark";

const tasks = 25_000;
const noOp = (): Promise<void> => Promise.resolve();

export async function queueRows(): Promise<BenchmarkRow[]> {
  const rows: BenchmarkRow[] = [];
  for (const concurrency of [1, 100]) {
    rows.push(await against("fastq 1.20, promise API", concurrency, fastqRound(concurrency)));
    rows.push(await against("p-queue 9.3", concurrency, await pQueueRound(concurrency)));
  }
  return rows;
}

async function against(
  name: string,
  concurrency: number,
  peer: () => Promise<unknown>,
): Promise<BenchmarkRow> {
  const result = await interleaved({ ours: ourRound(concurrency), peer, rounds: 15 });
  return {
    work: `queue of ${tasks.toLocaleString("en-GB")} no-op tasks, ${concurrency} at once`,
    ours: rate(tasks, "tasks", result.ours.medianMs),
    peer: `${name} ${rate(tasks, "tasks", result.peer.medianMs)}`,
    ratio: result.ratio,
    bar: 1,
  };
}

/** With its priorities, bound and outcomes, as it is. */
function ourRound(concurrency: number): () => Promise<unknown> {
  const queue = new TaskQueue({ concurrency, capacity: tasks });
  return () => allOf(() => queue.submit(noOp));
}

function fastqRound(concurrency: number): () => Promise<unknown> {
  const queue: queueAsPromised<undefined, void> = fastqPromise(noOp, concurrency);
  return () => allOf(() => queue.push(undefined));
}

async function pQueueRound(concurrency: number): Promise<() => Promise<unknown>> {
  const { default: PQueue } = await import("p-queue");
  const queue = new PQueue({ concurrency });
  return () => allOf(() => queue.add(noOp));
}

function allOf(submit: () => Promise<unknown>): Promise<unknown> {
  const outcomes: Promise<unknown>[] = [];
  for (let i = 0; i < tasks; i++) outcomes.push(submit());
  return Promise.all(outcomes);
}
