import "../kernel/in-stock-kernel";
export * from "./dataset/schema";
export { runCluster } from "./map-reduce/control/cluster";
export type { ControlNote } from "./local-cluster";
export type { ClusterOptions, ClusterResult } from "./map-reduce/control/cluster";
export { Coordinator } from "./map-reduce/control/coordinator";
export type { CoordinatorOptions } from "./map-reduce/control/options";
export { taskSpans } from "./map-reduce/control/task-spans";
export type { TaskSpan } from "./map-reduce/control/task-spans";
export { count, groupBy, max, mean, min, slice, sum } from "./map-reduce/group-by/group-by";
export type {
  Aggregate,
  Aggregates,
  ColumnSlice,
  Condition,
  GroupByJob,
  GroupByResult,
  GroupBySpec,
  KeyPart,
} from "./map-reduce/group-by/group-by";
export { defineJob } from "./map-reduce/job";
export type { Emit, Job, Json, ResultRow } from "./map-reduce/job";
export { mapReduce } from "./map-reduce/map-reduce";
export type { AnyJob, MapReduceOptions, MapReduceResult } from "./map-reduce/map-reduce";
export type { MapRecord } from "./map-reduce/record";
export * from "./map-reduce/simulation";
export * from "./map-reduce/storm";
export type { Counters, Executor, ExecutorAnswer, ExecutorRequest } from "./map-reduce/tasks";
export type { OutputRef, Split, Task } from "./map-reduce/tasks";
export * from "./dataset";
export * from "./dataset/storm";
export * from "./iterative";
export * from "./jobs";
export * from "./sort";
export * from "./sort/storm";
export { TaskWorker } from "./task-worker";
