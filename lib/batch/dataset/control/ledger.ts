/** What has been computed and where it lies, over all jobs of a session. Plain data. */
import type { NodeId } from "../../../protocol";
import type { Saved } from "../../coordinator-lives";
import type { Holdings } from "./lineage";
import type { Addition, LostInput, PartitionRef } from "./messages";

export interface Ledger extends Holdings {
  /** Outputs and cached partitions that were there once. */
  readonly made: Set<string>;
  /** Of accumulators; what each partition of a step added counts once. */
  readonly sums: Map<number, number>;
  readonly counted: Set<string>;
  /** What is to be saved, by key, in order: see `saved-state.ts`. */
  readonly changes: Map<string, unknown>;
}

export function makeLedger(): Ledger {
  return {
    shuffles: new Map(),
    cached: new Map(),
    made: new Set(),
    sums: new Map(),
    counted: new Set(),
    changes: new Map(),
  };
}

/** The output of a partition for a shuffle is there. True: it was there before, and lost. */
export function noteOutput(
  { shuffles, made, changes }: Ledger,
  shuffle: number,
  partition: number,
  worker: NodeId,
): boolean {
  put(shuffles, shuffle, partition, worker);
  const key = `output/${shuffle}/${partition}`;
  changes.set(key, worker);
  return isKnown(made, key);
}

/**
 * A partition is in a cache; where two have it the first one counts, and undefined is returned.
 * True: it was there before, and lost.
 */
export function notePartition(
  { cached, made, changes }: Ledger,
  { step, partition }: PartitionRef,
  worker: NodeId,
): boolean | undefined {
  if (cached.get(step)?.has(partition) === true) return undefined;
  put(cached, step, partition, worker);
  const key = `cached/${step}/${partition}`;
  changes.set(key, worker);
  return isKnown(made, key);
}

/** Returns whether it was there. */
export function forget({ shuffles, cached, changes }: Ledger, lost: LostInput): boolean {
  const [table, of] = lost.kind === "output" ? [shuffles, lost.shuffle] : [cached, lost.step];
  const wasThere = table.get(of)?.delete(lost.partition) === true;
  if (wasThere) changes.set(`${lost.kind}/${of}/${lost.partition}`, wasLost);
  return wasThere;
}

/** All that lies with a worker is gone, but for outputs that others reach; returns how much. */
export function forgetWorker(
  ledger: Ledger,
  id: NodeId,
  { areOutputsShared }: { areOutputsShared: boolean },
): { outputs: number; cached: number } {
  const outputs = areOutputsShared ? [] : heldBy(ledger.shuffles, id);
  const cached = heldBy(ledger.cached, id);
  for (const [shuffle, partition] of outputs) {
    forget(ledger, { kind: "output", shuffle, partition });
  }
  for (const [step, partition] of cached) forget(ledger, { kind: "cached", step, partition });
  return { outputs: outputs.length, cached: cached.length };
}

export function count({ sums, counted, changes }: Ledger, additions: readonly Addition[]): void {
  for (const { accumulator, step, partition, sum } of additions) {
    const key = `added/${accumulator}/${step}/${partition}`;
    if (isKnown(counted, key)) continue;
    sums.set(accumulator, (sums.get(accumulator) ?? 0) + sum);
    changes.set(key, sum);
  }
}

/** Puts what was saved into a ledger that is empty. */
export function restoreLedger(ledger: Ledger, saved: Saved): void {
  for (const [key, value] of Object.entries(saved)) {
    const [kind, ...numbers] = key.split("/");
    const [of, partition] = numbers.map(Number) as [number, number];
    if (kind === "output" || kind === "cached") {
      ledger.made.add(key);
      const table = kind === "output" ? ledger.shuffles : ledger.cached;
      if (value !== wasLost) put(table, of, partition, value as NodeId);
    } else if (kind === "added") {
      ledger.counted.add(key);
      ledger.sums.set(of, (ledger.sums.get(of) ?? 0) + (value as number));
    }
  }
}

/** All that is there: "output/3/1" or "cached/2/0", with its worker. */
export function heldOf({ shuffles, cached }: Ledger): [key: string, worker: NodeId][] {
  const entries = (kind: string, table: Holdings["shuffles"]): [string, NodeId][] =>
    [...table].flatMap(([of, held]) =>
      [...held].map(([partition, worker]): [string, NodeId] => [
        `${kind}/${of}/${partition}`,
        worker,
      ]),
    );
  return [...entries("output", shuffles), ...entries("cached", cached)];
}

/** Saved of what was there once. */
const wasLost = null;

function heldBy(table: Holdings["shuffles"], id: NodeId): [of: number, partition: number][] {
  return [...table].flatMap(([of, held]) => {
    const own = [...held].filter(([, worker]) => worker === id);
    return own.map(([partition]): [number, number] => [of, partition]);
  });
}

function put(table: Holdings["shuffles"], of: number, partition: number, worker: NodeId): void {
  const held = table.get(of) ?? new Map<number, NodeId>();
  held.set(partition, worker);
  table.set(of, held);
}

function isKnown(set: Set<string>, key: string): boolean {
  return set.size === set.add(key).size;
}
