/**
 * Scheduling: the queue within a process against fastq and p-queue, and work stealing against a
 * shared queue and dealt shares.
 */
import type { BenchmarkRow, RunBenchmark } from "./benchmark";
import { queueRows } from "./scheduling/in-process";
import { stealingRows } from "./scheduling/stealing";

/** Each can be measured alone: `npm run bench -- scheduling --part queue`. */
export const parts: Readonly<Record<string, RunBenchmark>> = {
  queue: queueRows,
  stealing: stealingRows,
};

export async function run(): Promise<BenchmarkRow[]> {
  return [...(await queueRows()), ...(await stealingRows())];
}
