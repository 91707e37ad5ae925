export {
  meanTime,
  meanTimeOfChoices,
  meanWait,
  meanWaitOfAny,
  queueShare,
  timeQuantile,
  utilisation,
  waitingShare,
} from "./closed-forms";
export type { Load } from "./closed-forms";
export * from "./distributions";
export { simulateFarm } from "./farm";
export type { FarmEnd, FarmOptions, FarmResult, FarmServer, SpeedChange } from "./farm";
export type { FarmEjection, FarmScaling, FarmSize } from "./farm-control";
export { Latencies } from "./latencies";
