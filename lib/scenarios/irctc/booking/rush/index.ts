/** The Tatkal rush: a crowd, a gate with a fair queue, and both before a shard of servers. */
export { Crowd } from "./crowd";
export type { CrowdMessage, CrowdOptions } from "./crowd";
export { realRush } from "./real-rush";
export type { RealRush, RealRushResult, RushLook } from "./real-rush";
export { rushBySecond } from "./curve";
export { FairQueue } from "./fair-queue";
export { rushPhase } from "./phase";
export type { CrowdRecord, RushPhase } from "./phase";
export { BookingGate } from "./gate";
export type { BookingGateOptions } from "./gate";
export { simulateSearch } from "./simulate-search";
export type { SearchRow } from "./simulate-search";
export { rushRequests, simulateRush } from "./simulate-rush";
export type { RushResult, RushSimulation } from "./simulate-rush";
