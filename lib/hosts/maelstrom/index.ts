/**
 * Maelstrom, the workbench for learners of distributed systems: a host on lines of JSON, and nodes
 * for its workloads echo, unique-ids, broadcast and g-counter.
 */
export { MaelstromHost } from "./host";
export type { BuildNode, MaelstromSurroundings } from "./host";
export { FileSaves, MemorySaves } from "./saves";
export type { Saves } from "./saves";
export { serveMaelstrom } from "./serve";
export type { MaelstromOptions } from "./serve";
export { Broadcast } from "./workloads/broadcast";
export type { BroadcastOptions } from "./workloads/broadcast";
export { Echo } from "./workloads/echo";
export { GrowCounter } from "./workloads/grow-counter";
export type { GrowCounterOptions } from "./workloads/grow-counter";
export { UniqueIds } from "./workloads/unique-ids";
export type { WorkloadMessage } from "./workloads/request";
