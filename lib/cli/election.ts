/** `dabbawala election`: writes the files of a synthetic election. */
import type { Command } from "commander";
import { writeElection } from "../generators";
import { interruptSignal, parseCount, parseNumber } from "./options";
import { progressBar } from "./progress-bar";

interface ElectionOptions {
  out: string;
  uploads: string;
  seed: string;
  faults: string;
  workers?: string;
  rawVotes: boolean;
}

export function register(program: Command): void {
  program
    .command("election")
    .description("make a synthetic election: uploads of machines, stations, and the votes")
    .requiredOption("--out <folder>", "where votes.csv, stations.csv and raw-votes.csv go")
    .option("--uploads <count>", "voting machines and postal bundles, as 6000 or 1M", "6000")
    .option("--seed <number>", "the same seed makes the same bytes", "1")
    .option("--faults <rate>", "share of uploads with a planted fault, 0 to 1", "0")
    .option("--no-raw-votes", "leave the votes out, which take 11 kB an upload")
    .option("--workers <count>", "threads; default one a core; the bytes do not depend on it")
    .action(election);
}

async function election(options: ElectionOptions): Promise<void> {
  const spec = {
    rows: parseCount("--uploads", options.uploads),
    seed: parseCount("--seed", options.seed),
    faults: parseNumber("--faults", options.faults),
  };
  const workers = options.workers ? parseCount("--workers", options.workers) : undefined;
  const bar = progressBar("election");
  try {
    const { rawVotes: hasRawVotes } = options;
    const { onProgress } = bar;
    const signal = interruptSignal(
      undefined,
      "files that were done are whole, others are not there",
    );
    await writeElection(spec, options.out, { hasRawVotes, workers, signal, onProgress });
  } finally {
    bar.stop();
  }
}
