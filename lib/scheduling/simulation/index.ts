export { SchedulerCluster } from "./scheduler-cluster";
export type { SchedulerClusterSettings, SchedulerParts } from "./scheduler-cluster";
export { simulateScheduling } from "./simulate-scheduling";
export type { SchedulingOptions, TaskClass } from "./simulate-scheduling";
export type { ClassReport, SchedulingReport, TaskRecord } from "./scheduling-report";
