/** Which shard has a departure: all days and classes of one train are sold by one Raft group. */
import { JumpHash, evenNodes } from "../../../partitioning";

/** From 0; `departure` begins with the train's number, as "12951|2026-01-12|SL". */
export function shardOf(departure: string, shards: number): number {
  const [train = departure] = departure.split("|");
  const names = Array.from({ length: shards }, (_, shard) => `${shard}`);
  return Number(new JumpHash(evenNodes(names)).owner(train));
}
