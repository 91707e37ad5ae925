/**
 * How a node's ring changes: by gossip, by what was agreed, and by itself when all that had to move
 * has moved.
 *
 * Source: DeCandia et al. 2007, section 4.8. Whoever gains partitions copies them from old owners,
 * so many that one of them has every write that was acknowledged before they knew of the change;
 * from then on they refuse whoever does not know of it.
 */
import type { NodeId } from "../../protocol";
import type { Streamed, Stream } from "./messages";
import { gainsOf, ownersOf, partitionOf } from "./owners";
import { readdressHints } from "./replica";
import { epochOf, isSettled, mergeRings, settleChange } from "./ring";
import type { Ring } from "./ring";
import type { DynamoHost, DynamoState } from "./state";
import { dropHint, keep } from "./storage";

/** Takes in what another node knows of the ring; all that follows from it is done here. */
export function adoptRing(node: DynamoState, heard: Ring, host: DynamoHost): void {
  let ring = mergeRings(node.ring, heard);
  if (JSON.stringify(ring) === JSON.stringify(node.ring)) return;
  setRing(node, ring);
  if (!isSettled(ring) && hasAllMoved(node)) {
    ring = settleChange(ring);
    setRing(node, ring);
  }
  host.save("ring", ring);
  host.note("ring", { epoch: node.epoch, isSettled: isSettled(ring) });
  followRing(node, host);
}

export function setRing(node: DynamoState, ring: Ring): void {
  const epoch = epochOf(ring);
  if (epoch !== node.epoch) node.owners = ownersOf(ring, node.options);
  node.ring = ring;
  node.epoch = epoch;
}

/** Every node that gains something has said that it has it. */
function hasAllMoved(node: DynamoState): boolean {
  const gainers = Object.keys(node.ring.members).filter(
    (id) => gainsOf(node.owners, id).length > 0,
  );
  return gainers.every((id) => (node.ring.synced[id] ?? 0) >= node.epoch);
}

/** Begins to copy what this node gains; addresses hints anew. */
export function followRing(node: DynamoState, host: DynamoHost): void {
  for (const { key, from, to } of readdressHints(node, (name) => partitionOf(name, node.options))) {
    const versions = node.hints.get(from)?.get(key)?.versions ?? [];
    keep(node, { key, meant: to, versions }, host);
    dropHint(node, from, key, host);
  }
  for (const [partition, { epoch }] of node.transfers) {
    if (epoch < node.epoch) node.transfers.delete(partition);
  }
  if (isSettled(node.ring) || (node.ring.synced[node.id] ?? 0) >= node.epoch) return;
  for (const partition of gainsOf(node.owners, node.id)) {
    if (node.transfers.has(partition)) continue;
    const cursors = Object.fromEntries(node.owners.old[partition].map((id) => [id, null]));
    node.transfers.set(partition, { epoch: node.epoch, cursors, done: [] });
  }
  if (node.transfers.size === 0) return;
  host.setTimer("stream", 2 * node.options.replyMs);
  // As many as are needed; the others are asked when one of these does not answer.
  for (const [partition, { cursors }] of node.transfers) {
    const needed = node.rules.sources(Object.keys(cursors).length, node.options);
    askForPages(node, partition, Object.keys(cursors).slice(0, needed), host);
  }
}

/** Asks everybody for the next page of what is still to come, and again until it has come. */
export function onStreamTimer(node: DynamoState, host: DynamoHost): void {
  if (node.transfers.size === 0) return;
  host.setTimer("stream", 2 * node.options.replyMs);
  for (const [partition, { cursors }] of node.transfers) {
    askForPages(node, partition, Object.keys(cursors), host);
  }
}

function askForPages(
  node: DynamoState,
  partition: number,
  from: readonly NodeId[],
  host: DynamoHost,
): void {
  const transfer = node.transfers.get(partition);
  if (transfer === undefined || isCopied(node, partition)) return;
  for (const owner of from.filter((id) => !transfer.done.includes(id))) {
    const after = transfer.cursors[owner];
    host.send(owner, { type: "stream", partition, ring: node.ring, after });
  }
}

/** Before it answers, the old owner takes in the ring: from here on it refuses earlier ones. */
export function onStream(node: DynamoState, from: NodeId, message: Stream, host: DynamoHost): void {
  const { partition, after } = message;
  adoptRing(node, message.ring, host);
  const keys = [...(node.keys.get(partition) ?? [])].filter((key) => after === null || key > after);
  keys.sort();
  const page = keys.slice(0, node.options.pageKeys);
  const entries = page.map((key) => [key, node.entries.get(key)?.versions ?? []] as const);
  const isLast = page.length === keys.length;
  const { epoch } = node;
  host.send(from, { type: "streamed", partition, epoch, after, entries, isLast });
}

export function onStreamed(
  node: DynamoState,
  from: NodeId,
  { partition, epoch, after, entries, isLast }: Streamed,
  host: DynamoHost,
): void {
  const transfer = node.transfers.get(partition);
  if (transfer === undefined || epoch < transfer.epoch || transfer.cursors[from] !== after) return;
  if (transfer.done.includes(from)) return;
  for (const [key, versions] of entries) keep(node, { key, meant: node.id, versions }, host);
  host.note("streamed", { partition, from, keys: entries.length });
  if (isLast) transfer.done.push(from);
  else transfer.cursors[from] = entries[entries.length - 1][0];
  if (!isLast) {
    const next = transfer.cursors[from];
    return host.send(from, { type: "stream", partition, ring: node.ring, after: next });
  }
  if (![...node.transfers.keys()].every((each) => isCopied(node, each))) return;
  node.transfers.clear();
  host.cancelTimer("stream");
  const synced = { ...node.ring.synced, [node.id]: node.epoch };
  adoptRing(node, { ...node.ring, synced }, host);
}

function isCopied(node: DynamoState, partition: number): boolean {
  const done = node.transfers.get(partition)?.done.length ?? 0;
  return done >= node.rules.sources(node.owners.old[partition].length, node.options);
}

/** Section 4.8.1: "each node contacts a peer chosen at random every second". */
export function onGossipTimer(node: DynamoState, host: DynamoHost): void {
  host.setTimer("gossip", node.options.gossipMs * (0.5 + host.random()));
  if (node.gossiped !== null) node.suspects.add(node.gossiped);
  const others = Object.keys(node.ring.members).filter((id) => id !== node.id);
  if (others.length === 0) return;
  const peer = others[Math.floor(host.random() * others.length)];
  node.gossiped = peer;
  host.send(peer, { type: "gossip", ring: node.ring, isAnswer: false });
}

export function onGossip(
  node: DynamoState,
  from: NodeId,
  { ring, isAnswer }: { ring: Ring; isAnswer: boolean },
  host: DynamoHost,
): void {
  adoptRing(node, ring, host);
  if (!isAnswer) host.send(from, { type: "gossip", ring: node.ring, isAnswer: true });
}
