/** Who gets which berth: quotas, the order of booking, and berths that are sold onwards. */
export { allocateDeparture } from "./allocate";
export { checkSeats, whyWaiting } from "./check-seats";
export type { SeatViolation } from "./check-seats";
export { bestJourneys } from "./exact";
export type { BestChoice, Journey } from "./exact";
export { maxMinShares, proportionalShares } from "./fair-shares";
export type { Demand } from "./fair-shares";
export { planOf, seatInventory } from "./inventory";
export type { Inventory, InventoryOptions } from "./inventory";
export type { DeparturePlan, Sale, SeatChart, SeatRequest } from "./request";
export { demandJob, rightfulQuota, seatJob, seatRequests } from "./seat-job";
export type { SeatTuple, StretchDemand } from "./seat-job";
export { gapToBest, journeyKinds, occupiedStretches, passengersOf, pressureCells } from "./study";
export { salesById, servedByQuota, shareOutcome, stretchNames } from "./study";
export type { JourneyKind, QuotaShare, RulesGap, ShareOutcome } from "./study";
