/** SWIM in the simulator, measured: detection, load, false alarms. */
export { swimGroup } from "./swim-group";
export type { SwimGroup, SwimGroupOptions } from "./swim-group";
export { expectedFirstDetection, firstDetections, measureLoad, ownDetections } from "./detection";
export type { DetectionOptions, LoadRow } from "./detection";
export { measureFalseAlarms } from "./false-alarms";
export type { FalseAlarmOptions, FalseAlarms } from "./false-alarms";
