/** Whom to ask for a key: its owner, a replica, a gutter; who is silent is left alone. */
import type { NodeId } from "../../protocol";
import { gutterOf, ownerOf, replicasOf } from "./places";
import type { ClientState } from "./client-state";

/** So long a client spreads the reads of a key after it has heard that it is hot. */
export const hotForMs = 5_000;

/** Whom to ask for a key; null: nobody that is not suspected, so the database. */
export function targetOf(
  node: ClientState,
  key: string,
  { nowMs, random }: { nowMs: number; random: () => number },
): NodeId | null {
  const replicas = isHot(node, key, nowMs) ? replicasOf(node, key) : [ownerOf(node, key)];
  const able = replicas.filter((id) => !isSuspect(node, id, nowMs));
  if (able.length > 1) return able[Math.floor(random() * able.length)];
  if (able.length === 1) return able[0];
  const gutter = gutterOf(node, key);
  return gutter === undefined || isSuspect(node, gutter, nowMs) ? null : gutter;
}

export function suspect(node: ClientState, id: NodeId, nowMs: number): void {
  node.suspects.set(id, nowMs + node.options.suspectMs);
}

function isSuspect({ suspects }: ClientState, id: NodeId, nowMs: number): boolean {
  return suspects.size > 0 && nowMs < (suspects.get(id) ?? -Infinity);
}

function isHot({ hot }: ClientState, key: string, nowMs: number): boolean {
  const untilMs = hot.get(key);
  if (untilMs === undefined) return false;
  if (nowMs >= untilMs) hot.delete(key);
  return nowMs < untilMs;
}
