/**
 * The first rows: one partition, and where that has too few, four times as many, and so on.
 */
import type { Jobs } from "./jobs";
import type { Lineage } from "./lineage";
import type { ActionOptions } from "./options";

const growth = 4;

export async function take(
  jobs: Jobs,
  target: Lineage,
  { count, options }: { count: number; options: ActionOptions },
): Promise<unknown[]> {
  const taken: unknown[] = [];
  let [next, width] = [0, 1];
  while (taken.length < count && next < target.partitions) {
    const length = Math.min(width, target.partitions - next);
    const partitions = Array.from({ length }, (_, i) => next + i);
    const parts = await partsOf(jobs, target, {
      partitions,
      action: { kind: "collect", limit: count - taken.length },
      options,
    });
    for (const part of parts) for (const row of part) taken.push(row);
    next += length;
    width *= growth;
  }
  return taken.slice(0, count);
}

/** The results of an action, in the order of the partitions. */
export async function partsOf(
  jobs: Jobs,
  target: Lineage,
  {
    partitions,
    action,
    options,
  }: {
    partitions: readonly number[];
    action: Parameters<Jobs["run"]>[0]["action"];
    options: ActionOptions;
  },
): Promise<(readonly unknown[])[]> {
  const parts = new Map<number, readonly unknown[]>();
  const onResult = (rows: readonly unknown[], partition: number): void => {
    parts.set(partition, rows);
  };
  await jobs.run({ target, partitions, action, onResult }, options);
  return partitions.map((partition) => parts.get(partition) ?? []);
}
