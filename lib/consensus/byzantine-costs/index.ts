/** What agreement among liars costs: by formula, and measured in the simulator. */
export { certificateBytes, hotStuffBlockMessages, hotStuffMessages } from "./formulas";
export { hotStuffViewChangeMessages, messageDelays, pbftMessages } from "./formulas";
export { pbftViewChangeMessages, totalOf } from "./formulas";
export type { MessageCounts } from "./formulas";
export { measureAgreement } from "./simulation/measure";
export type { AgreementCost, ByzantineProtocol, CostExperiment } from "./simulation/measure";
export { countProofs } from "./proofs";
export { delayRows, leaderChangeRow, leaderChangeSignatures } from "./simulation/cost-rows";
export { messageRow } from "./simulation/cost-rows";
export type { DelayRow, MessageRow, SignatureRow } from "./simulation/cost-rows";
export { measurePbft, measureProofs } from "./simulation/proof-times";
export type { ProofTimes } from "./simulation/proof-times";
