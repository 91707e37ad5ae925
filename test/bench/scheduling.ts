/**
 * Scheduling: the queue within a process against fastq and p-queue, work stealing against a
 * shared queue and dealt shares, and the durable scheduler against BullMQ on Redis.
 */
import type { BenchmarkRow, RunBenchmark } from "./benchmark";
import { durableRows } from "./scheduling/durable";
import { queueRows } from "./scheduling/in-process";
import { stealingRows } from "./scheduling/stealing";

/** Each can be measured alone: `npm run bench -- scheduling --part queue`. */
export const parts: Readonly<Record<string, RunBenchmark>> = {
  queue: queueRows,
  stealing: stealingRows,
  durable: durableRows,
};

export async function run(): Promise<BenchmarkRow[]> {
  return [...(await queueRows()), ...(await stealingRows()), ...(await durableRows())];
}
