export { measureGaps } from "./gaps";
export type { Gap, GapOptions } from "./gaps";
export { grahamAnomalies, listBound, longestFirstBound } from "./graham";
export { worstForList, worstForLongestFirst } from "./graham";
export type { Anomaly } from "./graham";
export { criticalPath, listSchedule, longestFirst } from "./list-scheduling";
export type { Bar, Schedule, Workload } from "./list-scheduling";
export { lowerBound, optimalSchedule } from "./optimum";
export type { Optimum, OptimumOptions } from "./optimum";
