export { SchedulerCluster } from "./scheduler-cluster";
export type { SchedulerClusterSettings, SchedulerParts } from "./scheduler-cluster";
