/** `dabbawala mapreduce`: runs a ready job over files on all cores. */
import type { Command } from "commander";
import { AtomicFile, InputError } from "../basics";
import { mapReduce, readyJobs } from "../batch";
import type { Job, MapReduceResult } from "../batch";
import { interruptSignal, parseBytes, parseCount } from "./options";
import { progressBar } from "./progress-bar";

interface MapReduceCommandOptions {
  workers?: string;
  memory: string;
  split: string;
  out?: string;
}

export function register(program: Command): void {
  program
    .command("mapreduce <job> <input...>")
    .description(`run a ready job over files: ${Object.keys(readyJobs).join(", ")}`)
    .option("--workers <count>", "threads; default one a core")
    .option("--memory <size>", "what a map task may hold before it spills", "256mb")
    .option("--split <size>", "bytes of a map task's input", "16mb")
    .option("--out <file>", "write JSON lines there, whole or not at all; default: print them")
    .action(runJob);
}

async function runJob(
  name: string,
  inputs: string[],
  options: MapReduceCommandOptions,
): Promise<void> {
  const out = options.out === undefined ? undefined : new AtomicFile(options.out);
  const bar = progressBar(name);
  try {
    const result = await mapReduce(findJob(name), inputs, {
      workers: options.workers === undefined ? undefined : parseCount("--workers", options.workers),
      memoryBytes: parseBytes("--memory", options.memory),
      splitBytes: parseBytes("--split", options.split),
      signal: interruptSignal(),
      onProgress: bar.onProgress,
    });
    bar.stop();
    writeRows(result, out);
    console.error(describe(result));
  } finally {
    bar.stop();
    out?.abandon();
  }
}

function findJob(name: string): Job {
  const job = readyJobs[name];
  if (job !== undefined) return job;
  const known = Object.keys(readyJobs).join(", ");
  throw new InputError(`no job is called "${name}": choose one of ${known}`);
}

function writeRows({ rows }: MapReduceResult<unknown>, out: AtomicFile | undefined): void {
  for (const row of rows) {
    const line = JSON.stringify(row) + "\n";
    if (out === undefined) process.stdout.write(line);
    else out.write(line);
  }
  out?.commit();
}

function describe({ counters, elapsedMs, rows }: MapReduceResult<unknown>): string {
  const told = Object.entries(counters).map(([name, value]) => `${name} ${value}`);
  return `${rows.length} rows in ${(elapsedMs / 1000).toFixed(1)} s; ${told.join(", ")}`;
}
