/** Failure detectors: phi accrual as a structure, and a protocol that sets it beside a timeout. */
export { defaultPhiOptions, emptyWindow, phiOf, recordArrival } from "./phi-accrual";
export type { ArrivalWindow, PhiOptions } from "./phi-accrual";
export { HeartbeatMonitor } from "./heartbeat-monitor";
export type { HeartbeatMessage, HeartbeatOptions, HeartbeatTimer } from "./heartbeat-monitor";
export * from "./simulation";
export * from "./storm";
