/**
 * Anti-entropy: two owners of a partition compare their Merkle trees level by level, and send each
 * other what is in the buckets that differ. A node that has left the owners does the same once more
 * before it forgets a partition.
 *
 * Source: DeCandia et al. 2007, section 4.7.
 */
import { areSameVersions } from "../../clocks";
import type { NodeId } from "../../protocol";
import { bucketOf, childHashes, differing, hashAt } from "../merkle-tree";
import type { Compare, KeyVersions, Same, Sync } from "./messages";
import { targetsOf } from "./owners";
import { isSettled } from "./ring";
import type { DynamoHost, DynamoState } from "./state";
import { dropPartition, forgetTombstones, keep, treeOf } from "./storage";

export function onAntiEntropyTimer(node: DynamoState, host: DynamoHost): void {
  host.setTimer("antiEntropy", node.options.antiEntropyMs * (0.5 + host.random()));
  forgetTombstones(node, host);
  const surplus = isSettled(node.ring)
    ? [...node.keys.keys()].filter((p) => !targetsOf(node.owners, p).includes(node.id))
    : [];
  for (const partition of surplus.slice(0, 4)) compareRoots(node, partition, host);
  const { now } = node.owners;
  const owned = now.flatMap((ids, p) => (ids.includes(node.id) && ids.length > 1 ? [p] : []));
  if (owned.length === 0) return;
  compareRoots(node, owned[Math.floor(host.random() * owned.length)], host);
}

function compareRoots(node: DynamoState, partition: number, host: DynamoHost): void {
  const peers = node.owners.now[partition].filter((id) => id !== node.id);
  if (peers.length === 0) return;
  const peer = peers[Math.floor(host.random() * peers.length)];
  const hashes = [[0, hashAt(treeOf(node, partition), 0, 0)]] as const;
  host.send(peer, { type: "compare", partition, level: 0, hashes });
}

export function onCompare(
  node: DynamoState,
  from: NodeId,
  { partition, level, hashes }: Compare,
  host: DynamoHost,
): void {
  if (!targetsOf(node.owners, partition).includes(node.id) && !node.keys.has(partition)) return;
  const tree = treeOf(node, partition);
  const nodes = differing(tree, level, hashes);
  if (nodes.length === 0) {
    if (level > 0) return;
    return host.send(from, { type: "same", partition, root: hashes[0][1] });
  }
  if (level < tree.depth) {
    const children = childHashes(tree, level, nodes);
    return host.send(from, { type: "compare", partition, level: level + 1, hashes: children });
  }
  const entries = entriesIn(node, partition, nodes);
  host.note("synced", { partition, buckets: nodes.length });
  host.send(from, { type: "sync", partition, buckets: nodes, entries, isAnswer: false });
}

/** Takes in what came, and answers with what the other one does not have in this form. */
export function onSync(node: DynamoState, from: NodeId, message: Sync, host: DynamoHost): void {
  const { partition, buckets, entries, isAnswer } = message;
  if (!targetsOf(node.owners, partition).includes(node.id) && !node.keys.has(partition)) return;
  for (const [key, versions] of entries) keep(node, { key, meant: node.id, versions }, host);
  if (isAnswer) return;
  const theirs = new Map(entries);
  const missing = entriesIn(node, partition, buckets).filter(([key, versions]) => {
    return !areSameVersions(theirs.get(key) ?? [], versions);
  });
  if (missing.length === 0) return;
  host.send(from, { type: "sync", partition, buckets, entries: missing, isAnswer: true });
}

/** An owner has the same as this node: who is no owner may forget it now. */
export function onSame(node: DynamoState, { partition, root }: Same, host: DynamoHost): void {
  const isOwner = targetsOf(node.owners, partition).includes(node.id);
  if (isOwner || !isSettled(node.ring) || !node.keys.has(partition)) return;
  if (hashAt(treeOf(node, partition), 0, 0) !== root) return;
  dropPartition(node, partition, host);
  host.note("dropped", { partition });
}

function entriesIn(
  node: DynamoState,
  partition: number,
  buckets: readonly number[],
): KeyVersions[] {
  const tree = treeOf(node, partition);
  const wanted = new Set(buckets);
  return [...(node.keys.get(partition) ?? [])]
    .filter((key) => wanted.has(bucketOf(tree, key)))
    .map((key) => [key, node.entries.get(key)?.versions ?? []]);
}
