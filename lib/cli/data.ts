/** `dabbawala data`: makes the data sets that the notebooks read, once. */
import type { Command } from "commander";
import { ensureDataSet, samplesFolder, writeSamples } from "../generators";
import { interruptSignal } from "./options";
import { progressBar } from "./progress-bar";

const defaults = [{ name: "irctc", rows: 500_000, seed: 1 }];

export function register(program: Command): void {
  program
    .command("data")
    .description("make the data sets that the notebooks read, under data/generated")
    .option("--samples", "make the committed samples under data/samples again instead")
    .action(({ samples }: { samples?: boolean }) => (samples ? makeSamples() : makeDefaults()));
}

async function makeDefaults(): Promise<void> {
  const signal = interruptSignal();
  for (const { name, rows, seed } of defaults) {
    const bar = progressBar(`${name} data`);
    try {
      await ensureDataSet(name, { rows, seed, signal, onProgress: bar.onProgress });
    } finally {
      bar.stop();
    }
  }
}

async function makeSamples(): Promise<void> {
  const bar = progressBar("samples");
  try {
    await writeSamples(samplesFolder, bar.onProgress);
  } finally {
    bar.stop();
  }
}
