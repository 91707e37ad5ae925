/** The small committed samples of every data set, and how they are made again. */
import { mkdirSync } from "fs";
import { join } from "path";
import type { Spec } from "./data-set";
import { writeDataSet } from "./write";

/** data/samples of the checkout that holds the library. */
export const samplesFolder = join(__dirname, "..", "..", "..", "data", "samples");

/** What each sample is made from; each file has at most 1 MB. */
export const sampleSpecs: Readonly<Record<string, Spec>> = {
  irctc: { rows: 10_000, seed: 1 },
  "irctc-requests": { rows: 8_000, seed: 1, faults: 0.02 },
  aadhaar: { rows: 1_500, seed: 1, faults: 0.05 },
  "aadhaar-auth": { rows: 10_000, seed: 1, faults: 0.05 },
  "aadhaar-forms": { rows: 5_000, seed: 1, faults: 0.05 },
  flipkart: { rows: 4_000, seed: 1, faults: 0.02 },
  votes: { rows: 6_000, seed: 1, faults: 0.02 },
};

/**
 * Writes all samples as CSV into `folder`, with their truth and tables beside; the same bytes on
 * every machine. Returns the names of the data sets.
 */
export async function writeSamples(
  folder: string = samplesFolder,
  onProgress?: (done: number, total: number) => void,
): Promise<string[]> {
  mkdirSync(folder, { recursive: true });
  const names = Object.keys(sampleSpecs);
  for (const [done, name] of names.entries()) {
    await writeDataSet(name, sampleSpecs[name], {
      format: "csv",
      out: join(folder, `${name}.csv`),
      workers: 1,
    });
    onProgress?.(done + 1, names.length);
  }
  return names;
}
