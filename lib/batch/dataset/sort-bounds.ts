/**
 * Where the ranges of `sortBy` meet: keys of a sample, so that each range has about as many rows.
 *
 * Source: O. O'Malley, "TeraByte Sort on Apache Hadoop", 2008. Ours weighs each partition's keys by
 * the rows that they stand for.
 */
import type { SampledKeys } from "./data-plane/key-sample";
import { compareKeys } from "./data-plane/sort-order";
import type { Jobs } from "./jobs";
import { ancestry } from "./lineage";
import type { Lineage, LineageParent } from "./lineage";
import type { ActionOptions, SortKey } from "./options";

const seed = 1;

/** Finds the bounds of all sorts that a job needs and that have none, each by a job of its own. */
export async function findBounds(
  jobs: Jobs,
  target: Lineage,
  options: ActionOptions,
): Promise<void> {
  const { signal } = options;
  for (const step of ancestry(target)) {
    if (step.bounds === undefined || step.bounds.isKnown) continue;
    const bounds = step.partitions === 1 ? [] : await boundsOf(jobs, step, { signal });
    const { sharing } = step.parents[0] as LineageParent & { kind: "wide" };
    if (step.bounds.isKnown || sharing.kind !== "byRange") continue; // another action was faster
    step.bounds.isKnown = true;
    (sharing.bounds as SortKey[]).push(...bounds);
  }
}

async function boundsOf(jobs: Jobs, step: Lineage, options: ActionOptions): Promise<SortKey[]> {
  const { of: target, sharing } = step.parents[0] as LineageParent & { kind: "wide" };
  if (sharing.kind !== "byRange") return [];
  const samples: SampledKeys[] = [];
  const { call, isDescending } = sharing;
  await jobs.run(
    {
      target,
      partitions: Array.from({ length: target.partitions }, (_, i) => i),
      action: { kind: "sampleKeys", call, seed },
      onResult: ([sample], partition) => void (samples[partition] = sample as SampledKeys),
    },
    options,
  );
  return cut(samples, { ranges: step.partitions, isDescending });
}

/** Keys between ranges of about equal weight; fewer, where one key is as heavy as several. */
function cut(
  samples: readonly SampledKeys[],
  { ranges, isDescending }: { ranges: number; isDescending: boolean },
): SortKey[] {
  const weighed = samples.flatMap(({ keys, rows }) =>
    keys.map((key) => ({ key, weight: rows / keys.length })),
  );
  const sign = isDescending ? -1 : 1;
  weighed.sort((left, right) => sign * compareKeys(left.key, right.key));
  const total = weighed.reduce((sum, { weight }) => sum + weight, 0);
  const bounds: SortKey[] = [];
  let passed = 0;
  for (const { key, weight } of weighed) {
    const isDue = passed >= (total * (bounds.length + 1)) / ranges;
    const isNew = bounds.length === 0 || compareKeys(key, bounds.at(-1) as SortKey) !== 0;
    if (isDue && isNew && bounds.length < ranges - 1) bounds.push(key);
    passed += weight;
  }
  return bounds;
}
