export { arrivals, candidatesBySeat } from "./arrivals";
export type { ArrivalOptions } from "./arrivals";
export { LiveCount } from "./live-count";
export type { Declaration, Receipt, SeatStanding } from "./live-count";
export type { ReceiptKind } from "./live-seat";
export { liveTimeline } from "./timeline";
export type { Pane } from "./timeline";
