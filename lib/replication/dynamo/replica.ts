/** An owner of a key, or who stands for one: keeps what it is told, and tells what it has. */
import { areSameVersions } from "../../clocks";
import type { NodeId } from "../../protocol";
import type { Fetch, KeyVersions, Store } from "./messages";
import { targetsOf } from "./owners";
import type { DynamoHost, DynamoState } from "./state";
import { dropHint, keep, versionsOf } from "./storage";

export function onStore(node: DynamoState, from: NodeId, message: Store, host: DynamoHost): void {
  const { operation, key, meant, versions } = message;
  if (isRefused(node, from, message, host)) return;
  keep(node, { key, meant, versions }, host);
  host.send(from, { type: "stored", operation, meant, versions: null });
}

export function onFetch(node: DynamoState, from: NodeId, message: Fetch, host: DynamoHost): void {
  const { operation, key, meant } = message;
  if (isRefused(node, from, message, host)) return;
  host.send(from, { type: "stored", operation, meant, versions: versionsOf(node, key) });
}

/** Asked by an earlier ring: its owners may be others, so the answer must not count. */
function isRefused(
  node: DynamoState,
  from: NodeId,
  { epoch, operation }: Store | Fetch,
  host: DynamoHost,
): boolean {
  if (node.rules.mayServe(epoch, node.epoch)) return false;
  host.note("staleRing", { from, epoch, here: node.epoch });
  host.send(from, { type: "staleRing", operation, ring: node.ring });
  return true;
}

const hintsAtOnce = 20;

/** Section 4.6: hints go to their owners as soon as these can be reached. */
export function onHandOffTimer(node: DynamoState, host: DynamoHost): void {
  host.setTimer("handOff", node.options.handOffMs * (0.5 + host.random()));
  for (const [meant, kept] of [...node.hints]) {
    for (const [key, { versions }] of [...kept].slice(0, hintsAtOnce)) {
      host.send(meant, { type: "handOff", key, versions });
      if (!node.rules.isHintKept(false)) dropHint(node, meant, key, host);
    }
  }
}

export function onHandOff(
  node: DynamoState,
  from: NodeId,
  [key, versions]: KeyVersions,
  host: DynamoHost,
): void {
  keep(node, { key, meant: node.id, versions }, host);
  host.note("handedOff", { key, from });
  host.send(from, { type: "handedOff", key, versions });
}

/** What has come to the hint since is kept for the next time. */
export function onHandedOff(
  node: DynamoState,
  owner: NodeId,
  [key, versions]: KeyVersions,
  host: DynamoHost,
): void {
  const kept = node.hints.get(owner)?.get(key);
  if (kept === undefined || !areSameVersions(kept.versions, versions)) return;
  if (!node.rules.isHintKept(true)) dropHint(node, owner, key, host);
}

/** Hints for nodes that are gone are for an owner of today. */
export function readdressHints(
  node: DynamoState,
  partitionOf: (key: string) => number,
): {
  readonly key: string;
  readonly from: NodeId;
  readonly to: NodeId;
}[] {
  return [...node.hints].flatMap(([from, kept]) =>
    [...kept.keys()].flatMap((key) => {
      const targets = targetsOf(node.owners, partitionOf(key));
      return targets.includes(from) || targets.length === 0 ? [] : [{ key, from, to: targets[0] }];
    }),
  );
}
