/** What agreement among liars costs: by formula, and measured in the simulator. */
export { certificateBytes, hotStuffBlockMessages, hotStuffMessages } from "./formulas";
export { hotStuffViewChangeMessages, messageDelays, pbftMessages } from "./formulas";
export { pbftViewChangeMessages, totalOf } from "./formulas";
export type { MessageCounts } from "./formulas";
export { measureAgreement } from "./simulation/measure";
export type { AgreementCost, ByzantineProtocol, CostExperiment } from "./simulation/measure";
export { countProofs } from "./proofs";
