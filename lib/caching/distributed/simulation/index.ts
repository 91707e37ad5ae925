/** The distributed cache in the simulator: a cluster to play with, and workloads over it. */
export type { Period, WorkloadOptions } from "./arrivals";
export { CacheCluster } from "./cluster";
export type { CacheClusterSettings, CacheEvent } from "./cluster";
export type { CacheRow } from "./meter";
export { simulateCache } from "./simulate-cache";
export type { CacheSimulation, CacheSimulationOptions } from "./simulate-cache";
