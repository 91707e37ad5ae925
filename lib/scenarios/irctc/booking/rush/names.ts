/** Who is who in a rush of several shards, simulated or real. */
import type { NodeId } from "../../../../protocol";

/** Servers of each shard: one a machine. */
export const machines = 3;

/** "n1" to "n3" of the first shard, "n4" to "n6" of the second. */
export function serversOf(shard: number): NodeId[] {
  return Array.from({ length: machines }, (_, machine) => `n${shard * machines + machine + 1}`);
}

export function gateOf(shard: number): NodeId {
  return `gate${shard + 1}`;
}
