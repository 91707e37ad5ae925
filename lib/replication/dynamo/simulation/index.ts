/** The store in the simulator, ready to run. */
export { DynamoCluster } from "./cluster";
export type { ClusterSettings as DynamoClusterSettings, DynamoClass, Traffic } from "./cluster";
export { stalenessCurve } from "./staleness";
export type { StalenessOptions, StalenessRow } from "./staleness";
export { measureQuorums } from "./quorums";
export type { QuorumChoice, QuorumMeasure, QuorumMeasureOptions } from "./quorums";
export { measureRepair } from "./repair";
export type { RepairOptions } from "./repair";
export { oneWriterHistory } from "./one-writer";
export type { OneWriter } from "./one-writer";
