import type { KeySample, MadeRun, Splitter } from "../tasks";

/**
 * Where to cut all runs so that each of `ranges` ranges has about as many records: quantiles of the
 * sampled keys, each sample weighing what it stands for. Equal keys are cut by their place, so a
 * key that half of all records have is shared out too; unless it is too long for a sample.
 *
 * Source: D. DeWitt, J. Naughton, D. Schneider, "Parallel Sorting on a Shared-Nothing Architecture
 * using Probabilistic Splitting", PDIS 1991; ours samples runs that are sorted already, evenly.
 * Guarantees: in ascending order, none twice; fewer than `ranges - 1` when there is no more to cut.
 * Cost: s log s for s samples; a range is over its share by at most a
 * sample of each run and the largest of these once more.
 */
export function chooseSplitters(runs: readonly MadeRun[], ranges: number): Splitter[] {
  const samples = runs.flatMap(({ samples, records }, run) =>
    samples.map((sample) => ({ ...sample, run, weight: records / samples.length })),
  );
  samples.sort((left, right) => compareKeys(left, right) || comparePlaces(left, right));
  const total = samples.reduce((sum, { weight }) => sum + weight, 0);
  const chosen: Splitter[] = [];
  let sum = 0;
  for (const { weight, ...splitter } of samples) {
    const isDue = sum >= ((chosen.length + 1) * total) / ranges;
    sum += weight;
    if (!isDue || chosen.length + 1 >= ranges) continue;
    const last = chosen.at(-1);
    const isAgain = last !== undefined && !splitter.isWhole && last.key === splitter.key;
    if (!isAgain) chosen.push(splitter);
  }
  return chosen;
}

function compareKeys(left: KeySample, right: KeySample): number {
  return left.key < right.key ? -1 : left.key > right.key ? 1 : 0;
}

function comparePlaces(left: Splitter, right: Splitter): number {
  return left.run - right.run || left.record - right.record;
}
