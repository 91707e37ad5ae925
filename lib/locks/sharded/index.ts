/** Locks over several groups of servers: the client's side in `sharded-leaseholder.ts`. */
export { groupOf as lockGroupOf } from "./groups";
export { ShardedLeaseholder } from "./sharded-leaseholder";
export { storm as shardedLockStorm } from "./storm/definition";
