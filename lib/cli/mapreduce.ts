/** `dabbawala mapreduce`: runs a ready job over files on all cores. */
import type { Command } from "commander";
import { InputError } from "../basics";
import { mapReduce, readyJobs } from "../batch";
import type { GroupByJob, Job, MapReduceResult } from "../batch";
import { interruptSignal, parseBytes, parseCount, resumeHelp } from "./options";
import { progressBar } from "./progress-bar";

interface MapReduceCommandOptions {
  workers?: string;
  memory: string;
  split?: string;
  out?: string;
  maxBadRecords?: string;
  resume?: string;
}

export function register(program: Command): void {
  program
    .command("mapreduce <job> <input...>")
    .description(`run a ready job over files: ${Object.keys(readyJobs).join(", ")}`)
    .option("--workers <count>", "threads; default one a core")
    .option("--memory <size>", "what a task may hold before it spills to disk", "256mb")
    .option("--split <size>", "bytes of a map task's input; default by the size of the input")
    .option(
      "--out <file>",
      "write the rows to that .csv, .jsonl or .parquet file; default: print them",
    )
    .option("--max-bad-records <count>", "so many that fail are skipped; default 1,000")
    .option("--resume <folder>", resumeHelp)
    .action(runJob);
}

async function runJob(
  name: string,
  inputs: string[],
  options: MapReduceCommandOptions,
): Promise<void> {
  const bar = progressBar(name);
  try {
    const result = await mapReduce(findJob(name), inputs, {
      out: options.out,
      workers: options.workers === undefined ? undefined : parseCount("--workers", options.workers),
      memoryBytes: parseBytes("--memory", options.memory),
      splitBytes: options.split === undefined ? undefined : parseBytes("--split", options.split),
      maxBadRecords:
        options.maxBadRecords === undefined
          ? undefined
          : parseCount("--max-bad-records", options.maxBadRecords),
      resume: options.resume,
      signal: interruptSignal(options.resume),
      onProgress: bar.onProgress,
    });
    bar.stop();
    printRows(result);
    console.error(describe(result));
  } finally {
    bar.stop();
  }
}

function findJob(name: string): Job | GroupByJob {
  const job = readyJobs[name];
  if (job !== undefined) return job;
  const known = Object.keys(readyJobs).join(", ");
  throw new InputError(`no job is called "${name}": choose one of ${known}`);
}

function printRows({ rows }: MapReduceResult<unknown>): void {
  for (const row of rows) process.stdout.write(JSON.stringify(row) + "\n");
}

function describe(result: MapReduceResult<unknown>): string {
  const { counters, elapsedMs, rowCount, tasksKept } = result;
  const told = Object.entries(counters).map(([name, value]) => `${name} ${value}`);
  const kept = tasksKept > 0 ? `${tasksKept} tasks were done before; ` : "";
  return `${rowCount} rows in ${(elapsedMs / 1000).toFixed(1)} s; ${kept}${told.join(", ")}`;
}
