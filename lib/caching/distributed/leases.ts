/** Who may fill a key: leases, or versions and tombstones (Nishtala et al. 2013, section 3.2.1). */
import type { Permit } from "./messages";
import type { CacheHost, ServerState } from "./state";

/**
 * The permit for who has missed a key, and is to load it; null: somebody else does, or the key had
 * a lease a short while ago.
 */
export function grant(node: ServerState, key: string, host: CacheHost): Permit | null {
  const { refills, leaseMs, leaseEveryMs } = node.options;
  const permit = { life: node.life, atMs: host.nowMs, token: 0 };
  if (refills !== "leases") return permit;
  const lease = node.leases.get(key);
  if (lease !== undefined) {
    const ageMs = host.nowMs - lease.grantedMs;
    if (ageMs < (lease.isOver ? leaseEveryMs : Math.max(leaseMs, leaseEveryMs))) return null;
    if (!lease.isOver) host.note("leaseExpired", key);
    node.leases.delete(key);
  }
  const token = ++node.tokens;
  remember(node, key, { token, grantedMs: host.nowMs, isOver: false });
  return { ...permit, token };
}

/** The lease is used or given back: another may have one, not before `leaseEveryMs`. */
export function endLease(node: ServerState, key: string, permit: Permit): void {
  const lease = node.leases.get(key);
  if (lease === undefined || lease.token !== permit.token || permit.life !== node.life) return;
  if (node.options.leaseEveryMs === 0) node.leases.delete(key);
  else node.leases.set(key, { ...lease, isOver: true });
}

/** A delete takes the lease away: what its holder has loaded may be older. */
export function voidLease(node: ServerState, key: string): void {
  const lease = node.leases.get(key);
  if (lease === undefined) return;
  const after = node.rules.afterDelete(lease);
  if (after.isOver && node.options.leaseEveryMs === 0) node.leases.delete(key);
  else node.leases.set(key, after);
}

/** Leases that are forgotten are void: safe, and bounds the memory. */
function remember(
  node: ServerState,
  key: string,
  lease: { token: number; grantedMs: number } & {
    isOver: boolean;
  },
): void {
  node.leases.set(key, lease);
  if (node.leases.size <= node.options.capacity) return;
  const [oldest] = node.leases.keys();
  node.leases.delete(oldest as string);
}

/** Refills by version: what is older than the delete may not come back. */
export function bury(node: ServerState, key: string, version: number, host: CacheHost): void {
  if (node.options.refills !== "versions") return;
  const highest = Math.max(version, node.tombstones.get(key)?.version ?? 0);
  node.tombstones.delete(key);
  node.tombstones.set(key, { version: highest, atMs: host.nowMs });
  for (const [old, { atMs }] of node.tombstones) {
    const isOver = atMs + node.options.leaseMs < host.nowMs;
    if (!isOver && node.tombstones.size <= node.options.capacity) break;
    // Without its tombstone only permits given after it may fill the key.
    node.forgottenMs = Math.max(node.forgottenMs, atMs);
    node.tombstones.delete(old);
  }
}
