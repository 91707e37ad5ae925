/**
 * What a node keeps: an entry a key and a hint an owner and key, each saved on its own, and the
 * Merkle trees, which are made again at a start. Saves: `entry/KEY`, `hint/OWNER/KEY`,
 * `client/CLIENT`, `ring`, `vote`.
 */
import { areSameVersions, writeVersion } from "../../clocks";
import type { VersionVector } from "../../clocks";
import type { NodeId } from "../../protocol";
import { changeEntry, emptyTree } from "../merkle-tree";
import type { MerkleTree } from "../merkle-tree";
import type { Cell, Versions } from "./messages";
import { partitionOf } from "./owners";
import type { DynamoHost, DynamoState, Entry } from "./state";

/** Everything that is known here of a key, kept for whomever. */
export function versionsOf(node: DynamoState, key: string): Versions {
  let versions = node.entries.get(key)?.versions ?? [];
  for (const kept of node.hints.values()) {
    versions = mergeVersions(node, versions, kept.get(key)?.versions ?? []);
  }
  return versions;
}

/** As the options have it: siblings, or the one of the latest clock. */
export function mergeVersions(node: DynamoState, left: Versions, right: Versions): Versions {
  const merged = node.rules.merge(left, right);
  if (node.options.resolution === "siblings" || merged.length < 2) return merged;
  return [merged.reduce((best, next) => (isLater(next.value, best.value) ? next : best))];
}

/** Equal clocks: the versions are in the order of their dots everywhere, and the last one wins. */
function isLater(next: Cell, best: Cell): boolean {
  return next.writtenMs >= best.writtenMs;
}

/** What is left of them for a client. */
export function valuesOf(versions: Versions): unknown[] {
  return versions.filter(({ value }) => !value.isDeleted).map(({ value }) => value.value);
}

/** Tombstones alone, all of them older than the grace period. */
function isForgotten(node: DynamoState, versions: Versions, nowMs: number): boolean {
  const { graceMs } = node.options;
  return versions.every(({ value: { isDeleted, writtenMs } }) => {
    return isDeleted === true && node.rules.isForgotten(nowMs - writtenMs, graceMs);
  });
}

/** Those who still have the tombstone must not bring it back, or it would go round for ever. */
export function forgetTombstones(node: DynamoState, host: DynamoHost): void {
  for (const key of [...node.deleted]) {
    if (!isForgotten(node, node.entries.get(key)?.versions ?? [], host.nowMs)) continue;
    dropEntry(node, key, host);
    host.note("forgotten", { key });
  }
}

/** Merges into the entry, or into the hint for another owner; saved when it changes. */
export function keep(
  node: DynamoState,
  { key, meant, versions }: { key: string; meant: NodeId; versions: Versions },
  host: DynamoHost,
): void {
  const before = entryFor(node, key, meant);
  if (before.versions.length === 0 && isForgotten(node, versions, host.nowMs)) return;
  const merged = mergeVersions(node, before.versions, versions);
  if (areSameVersions(merged, before.versions)) return;
  setEntry(node, { key, meant, entry: { ...before, versions: merged } }, host);
}

export interface LocalWrite {
  readonly key: string;
  readonly meant: NodeId;
  readonly context: VersionVector;
  readonly cell: Cell;
}

/** A client's write: a new version with the next dot of this node's actor. Returns it alone. */
export function write(node: DynamoState, local: LocalWrite, host: DynamoHost): Versions {
  const { key, meant, context, cell } = local;
  const { versions, actor } = entryFor(node, key, meant);
  const name = actor?.name ?? node.rules.actor(node.id, node.life, ++node.births);
  const count = (actor?.count ?? 0) + 1;
  const past = node.options.resolution === "siblings" ? context : {};
  const added: Versions = [{ dot: { actor: name, count }, past, value: cell }];
  const merged = mergeVersions(node, versions, writeVersion([], added[0]));
  setEntry(node, { key, meant, entry: { versions: merged, actor: { name, count } } }, host);
  return added;
}

function entryFor(node: DynamoState, key: string, meant: NodeId): Entry {
  const kept = meant === node.id ? node.entries : node.hints.get(meant);
  return kept?.get(key) ?? { versions: [], actor: null };
}

function setEntry(
  node: DynamoState,
  { key, meant, entry }: { key: string; meant: NodeId; entry: Entry },
  host: DynamoHost,
): void {
  if (meant === node.id) {
    track(node, key, entry);
    host.save(`entry/${key}`, entry);
    return;
  }
  const kept = node.hints.get(meant) ?? new Map<string, Entry>();
  node.hints.set(meant, kept.set(key, entry));
  host.save(`hint/${meant}/${key}`, entry);
  host.note("hinted", { for: meant, key });
}

export function dropHint(node: DynamoState, meant: NodeId, key: string, host: DynamoHost): void {
  const kept = node.hints.get(meant);
  if (kept === undefined || !kept.delete(key)) return;
  if (kept.size === 0) node.hints.delete(meant);
  host.save(`hint/${meant}/${key}`, undefined);
}

export function dropPartition(node: DynamoState, partition: number, host: DynamoHost): void {
  for (const key of [...(node.keys.get(partition) ?? [])]) dropEntry(node, key, host);
  node.keys.delete(partition);
  node.trees.delete(partition);
}

function dropEntry(node: DynamoState, key: string, host: DynamoHost): void {
  const partition = partitionOf(key, node.options);
  const before = node.entries.get(key)?.versions;
  if (before === undefined) return;
  changeEntry(treeOf(node, partition), key, node.rules.digest(before), undefined);
  node.keys.get(partition)?.delete(key);
  if (node.keys.get(partition)?.size === 0) node.keys.delete(partition);
  node.entries.delete(key);
  node.deleted.delete(key);
  host.save(`entry/${key}`, undefined);
}

export function treeOf(node: DynamoState, partition: number): MerkleTree {
  return node.trees.get(partition) ?? emptyTree(node.options.merkleDepth);
}

/** The entry with its tree and its partition's keys. */
function track(node: DynamoState, key: string, entry: Entry): void {
  const partition = partitionOf(key, node.options);
  const digest = (versions: Versions | undefined): string | undefined =>
    versions === undefined ? undefined : node.rules.digest(versions);
  const tree = treeOf(node, partition);
  changeEntry(tree, key, digest(node.entries.get(key)?.versions), digest(entry.versions));
  node.trees.set(partition, tree);
  node.keys.set(partition, (node.keys.get(partition) ?? new Set()).add(key));
  node.entries.set(key, entry);
  if (entry.versions.every(({ value }) => value.isDeleted)) node.deleted.add(key);
  else node.deleted.delete(key);
}

export function restoreEntries(node: DynamoState, saved: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(saved)) {
    const [kind] = name.split("/", 1);
    const rest = name.slice(kind.length + 1);
    if (kind === "entry") track(node, rest, value as Entry);
    if (kind === "client") node.lastPuts.set(rest, value as number);
    if (kind !== "hint") continue;
    const end = rest.indexOf("/");
    const [owner, key] = [rest.slice(0, end), rest.slice(end + 1)];
    const kept = node.hints.get(owner) ?? new Map<string, Entry>();
    node.hints.set(owner, kept.set(key, value as Entry));
  }
}
