export { countRawVotes, countRawVotesByMachine } from "./raw-votes";
export type { RawTally, RawVoteOptions } from "./raw-votes";
export { recount } from "./recount";
export type { MachineDifference, Recount } from "./recount";
export { recountReasons } from "./recount-rules";
export type { RecountReason, RecountRules } from "./recount-rules";
