/**
 * Which nodes own each partition: the first N of the ring after its end, spread over cities and
 * racks; while the ring changes, the old owners and the new ones.
 *
 * Source: DeCandia et al. 2007, sections 4.3 and 6.2: strategy 2, random places and equal
 * partitions, so that a partition and its Merkle tree never change their bounds.
 */
import { murmur32 } from "../../basics";
import { evenNodes, HashRing, spreadOwners } from "../../partitioning";
import type { NodeId } from "../../protocol";
import type { DynamoOptions } from "./options";
import type { MemberStatus, Ring } from "./ring";

/** By partition. */
export interface Owners {
  readonly old: readonly (readonly NodeId[])[];
  /** The same lists as `old` when the ring is settled. */
  readonly now: readonly (readonly NodeId[])[];
  /** All nodes, owners or not, in the order of the ring: who stands for an owner. */
  readonly walk: readonly (readonly NodeId[])[];
}

/** From 0. */
export function partitionOf(key: string, { partitions }: DynamoOptions): number {
  return partitions === 1 ? 0 : murmur32(key) >>> (32 - Math.log2(partitions));
}

export function ownersOf(ring: Ring, options: DynamoOptions): Owners {
  const oldWalk = walks(ring, options, ["up", "leaving"]);
  const nowWalk = walks(ring, options, ["up", "joining"]);
  const spread = (walk: readonly NodeId[]): NodeId[] =>
    spreadOwners(walk, options.replicas, (id) => options.homes[id] ?? {});
  return {
    old: oldWalk.map(spread),
    now: nowWalk.map(spread),
    walk: nowWalk.map((walk, p) => [...walk, ...oldWalk[p].filter((id) => !walk.includes(id))]),
  };
}

/** For each partition the nodes of these statuses, in the order of the ring from its end on. */
function walks(ring: Ring, options: DynamoOptions, statuses: readonly MemberStatus[]): NodeId[][] {
  const members = Object.entries(ring.members).filter(([, { status }]) =>
    statuses.includes(status),
  );
  const ids = new Map(members.map(([id, { tokens }]) => [tokens, id]));
  const { partitions, tokens: pointsPerNode } = options;
  if (ids.size === 0) return Array.from({ length: partitions }, () => []);
  const places = new HashRing(evenNodes([...ids.keys()]), { pointsPerNode });
  return Array.from({ length: partitions }, (_, partition) => {
    const end = ((partition + 1) * (2 ** 32 / partitions)) % 2 ** 32;
    return places.ownersAt(end, ids.size).map((tokens) => ids.get(tokens) as NodeId);
  });
}

/** Old owners and new ones. */
export function targetsOf({ old, now }: Owners, partition: number): NodeId[] {
  return [...new Set([...old[partition], ...now[partition]])];
}

/** The partitions that a node owns now and did not before. */
export function gainsOf({ old, now }: Owners, id: NodeId): number[] {
  return now.flatMap((ids, p) => (ids.includes(id) && !old[p].includes(id) ? [p] : []));
}
