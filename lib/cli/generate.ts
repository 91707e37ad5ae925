/** `dabbawala generate`: writes a synthetic data set. */
import type { Command } from "commander";
import { dataSets, formats, writeDataSet } from "../generators";
import type { Format } from "../generators";
import { interruptSignal, parseCount, parseNumber } from "./options";
import { progressBar } from "./progress-bar";

interface GenerateOptions {
  rows: string;
  seed: string;
  format: string;
  out: string;
  faults: string;
  workers?: string;
}

export function register(program: Command): void {
  program
    .command("generate <data-set>")
    .description(`make a synthetic data set: ${Object.keys(dataSets).join(", ")}`)
    .requiredOption("--out <file>", "the file to write; it appears whole or not at all")
    .option("--rows <count>", "rows, as 500000, 500k or 12.6M", "100k")
    .option("--seed <number>", "the same seed makes the same bytes", "1")
    .option("--format <format>", formats.join(", "), "csv")
    .option("--faults <rate>", "share of rows with a planted fault, 0 to 1", "0")
    .option("--workers <count>", "threads; default one a core; the bytes do not depend on it")
    .action(generate);
}

async function generate(name: string, options: GenerateOptions): Promise<void> {
  const spec = {
    rows: parseCount("--rows", options.rows),
    seed: parseCount("--seed", options.seed),
    faults: parseNumber("--faults", options.faults),
  };
  const workers = options.workers ? parseCount("--workers", options.workers) : undefined;
  const bar = progressBar(name);
  try {
    const format = options.format as Format;
    const signal = interruptSignal();
    const onProgress = bar.onProgress;
    await writeDataSet(name, spec, { format, out: options.out, workers, signal, onProgress });
  } finally {
    bar.stop();
  }
}
