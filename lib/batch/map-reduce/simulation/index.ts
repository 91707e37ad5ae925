export { paperSort, simulateBackups } from "./simulate-backups";
export type { BackupEffect, BackupOptions, ProgressPoint } from "./simulate-backups";
export type { CostModel } from "./costs";
export type { SimulationMessage } from "./messages";
export { describeCluster, simulateJob } from "./simulate-job";
export type { SimulatedJob, SimulationOptions } from "./simulate-job";
export { expectedOutput } from "./workload";
export type { Digest } from "./workload";
