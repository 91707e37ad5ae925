/**
 * Judges a register that is only read and written, no value written twice, without search: each
 * read tells which write it saw, so a write and its reads form a cluster that no other may
 * interrupt.
 *
 * Source: P. Gibbons, E. Korach, "Testing shared memories", SIAM J. Computing 26(4), 1997, section
 * 4; zones in the words of W. Golab, X. Li, M. Shah, "Analyzing consistency properties for fun and
 * profit", PODC 2011. Ours adds writes of unknown outcome: unread they never happened.
 * Guarantees: exact; gives an order, or at most six operations that no order fits.
 * Cost: O(n log n).
 */
import type { Operation } from "../../../protocol";
import { identityOf } from "../identity";
import type { Deduction } from "../model";

/** A plain read or write of a register. */
export interface RegisterAccess {
  readonly kind: "read" | "write";
  /** What was read, or is written. */
  readonly value: unknown;
  readonly operation: Operation;
}

/** A write (none for the initial value) and the reads that saw it. */
interface Cluster {
  readonly write: Operation | undefined;
  readonly reads: Operation[];
}

/** Between the first answer and the last call of a cluster it must hold its value ("forward"). */
interface Zone {
  readonly cluster: Cluster;
  readonly firstReturn: number;
  readonly lastCall: number;
  readonly isForward: boolean;
}

/**
 * An order or a contradiction; undefined when a value is written twice. Reads of unknown outcome
 * are to be left out.
 */
export function deduceByZones(
  accesses: readonly RegisterAccess[],
  initial: unknown,
): Deduction | undefined {
  const clusters = clustersOf(accesses, initial);
  if (clusters === undefined) return undefined;
  const stray = accesses.find(({ value }) => !clusters.has(identityOf(value)));
  if (stray !== undefined) return { kind: "contradiction", operations: [stray.operation] };
  const members = [...clusters.values()].filter(isRelevant);
  const early = members.flatMap(readBeforeWrite)[0];
  if (early !== undefined) return { kind: "contradiction", operations: early };
  return judge(members.map(zoneOf));
}

/**
 * Clusters by value, the reads of values that nobody wrote left out; undefined for a value twice.
 */
function clustersOf(
  accesses: readonly RegisterAccess[],
  initial: unknown,
): Map<string | number, Cluster> | undefined {
  const clusters = new Map<string | number, Cluster>();
  clusters.set(identityOf(initial), { write: undefined, reads: [] });
  for (const { operation, kind, value } of accesses) {
    if (kind !== "write") continue;
    if (clusters.has(identityOf(value))) return undefined;
    clusters.set(identityOf(value), { write: operation, reads: [] });
  }
  for (const { operation, kind, value } of accesses) {
    if (kind === "read") clusters.get(identityOf(value))?.reads.push(operation);
  }
  return clusters;
}

function isRelevant({ write, reads }: Cluster): boolean {
  return reads.length > 0 || write?.outcome === "ok";
}

function readBeforeWrite({ write, reads }: Cluster): Operation[][] {
  if (write === undefined) return [];
  return reads.filter((read) => read.return < write.call).map((read) => [read, write]);
}

function zoneOf(cluster: Cluster): Zone {
  const { write, reads } = cluster;
  let firstReturn = write?.return ?? -Infinity;
  let lastCall = write?.call ?? -Infinity;
  for (const read of reads) {
    firstReturn = Math.min(firstReturn, read.return);
    lastCall = Math.max(lastCall, read.call);
  }
  return { cluster, firstReturn, lastCall, isForward: firstReturn < lastCall };
}

function judge(zones: readonly Zone[]): Deduction {
  const forward = zones
    .filter(({ isForward }) => isForward)
    .sort((left, right) => left.firstReturn - right.firstReturn);
  for (let i = 1; i < forward.length; i++) {
    const pair = [forward[i - 1], forward[i]];
    if (pair[1].firstReturn < pair[0].lastCall) return conflict(pair);
  }
  const placed = forward.map((zone) => ({ zone, at: zone.firstReturn }));
  for (const zone of zones) {
    if (zone.isForward) continue;
    const around = zoneAround(forward, zone.lastCall);
    if (around !== undefined && zone.firstReturn < around.lastCall) return conflict([around, zone]);
    // Just after the zone that covers its beginning, or else at its beginning.
    placed.push({ zone, at: around === undefined ? zone.lastCall : around.lastCall + 0.5 });
  }
  placed.sort((left, right) => left.at - right.at);
  return { kind: "order", order: placed.flatMap(({ zone }) => inCluster(zone.cluster)) };
}

/** The forward zone, if any, that holds the place; they are in order and do not overlap. */
function zoneAround(forward: readonly Zone[], place: number): Zone | undefined {
  let low = 0;
  let high = forward.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (forward[middle].firstReturn < place) low = middle + 1;
    else high = middle;
  }
  const candidate = forward[low - 1];
  return candidate !== undefined && candidate.lastCall > place ? candidate : undefined;
}

function inCluster({ write, reads }: Cluster): Operation[] {
  return write === undefined ? reads : [write, ...reads];
}

/** The operations that bound the two zones, and the writes that give them their values. */
function conflict(zones: readonly Zone[]): Deduction {
  const chosen = new Set<Operation>();
  for (const { cluster, firstReturn, lastCall } of zones) {
    for (const operation of inCluster(cluster)) {
      const isWrite = operation === cluster.write;
      const isBound = operation.return === firstReturn || operation.call === lastCall;
      if (isWrite || isBound) chosen.add(operation);
    }
  }
  return {
    kind: "contradiction",
    operations: [...chosen].sort((left, right) => left.call - right.call),
  };
}
