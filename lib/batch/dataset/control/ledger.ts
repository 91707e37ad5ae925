/** What has been computed and where it lies, over all jobs of a session. Plain data. */
import type { NodeId } from "../../../protocol";
import type { Holdings } from "./lineage";
import type { Addition, LostInput, PartitionRef } from "./messages";

export interface Ledger extends Holdings {
  /** Outputs and cached partitions that were there once. */
  readonly made: Set<string>;
  /** Of accumulators; what each partition of a step added counts once. */
  readonly sums: Map<number, number>;
  readonly counted: Set<string>;
}

export function makeLedger(): Ledger {
  return {
    shuffles: new Map(),
    cached: new Map(),
    made: new Set(),
    sums: new Map(),
    counted: new Set(),
  };
}

/** The output of a partition for a shuffle is there. True: it was there before, and lost. */
export function noteOutput(
  { shuffles, made }: Ledger,
  shuffle: number,
  partition: number,
  worker: NodeId,
): boolean {
  put(shuffles, shuffle, partition, worker);
  return isKnown(made, `output ${shuffle}/${partition}`);
}

/**
 * A partition is in a cache; where two have it the first one counts, and undefined is returned.
 * True: it was there before, and lost.
 */
export function notePartition(
  { cached, made }: Ledger,
  { step, partition }: PartitionRef,
  worker: NodeId,
): boolean | undefined {
  if (cached.get(step)?.has(partition) === true) return undefined;
  put(cached, step, partition, worker);
  return isKnown(made, `cached ${step}/${partition}`);
}

/** Returns whether it was there. */
export function forget({ shuffles, cached }: Ledger, lost: LostInput): boolean {
  const [table, of] = lost.kind === "output" ? [shuffles, lost.shuffle] : [cached, lost.step];
  return table.get(of)?.delete(lost.partition) === true;
}

/** All that lies with a worker is gone; returns how much. */
export function forgetWorker(
  { shuffles, cached }: Ledger,
  id: NodeId,
): { outputs: number; cached: number } {
  return { outputs: forgetIn(shuffles, id), cached: forgetIn(cached, id) };
}

export function count({ sums, counted }: Ledger, additions: readonly Addition[]): void {
  for (const { accumulator, step, partition, sum } of additions) {
    const key = `${accumulator} ${step}/${partition}`;
    if (!isKnown(counted, key)) sums.set(accumulator, (sums.get(accumulator) ?? 0) + sum);
  }
}

function forgetIn(table: Holdings["shuffles"], id: NodeId): number {
  let lost = 0;
  for (const held of table.values()) {
    for (const [partition, worker] of held) {
      if (worker === id && held.delete(partition)) lost++;
    }
  }
  return lost;
}

function put(table: Holdings["shuffles"], of: number, partition: number, worker: NodeId): void {
  const held = table.get(of) ?? new Map<number, NodeId>();
  held.set(partition, worker);
  table.set(of, held);
}

function isKnown(set: Set<string>, key: string): boolean {
  return set.size === set.add(key).size;
}
