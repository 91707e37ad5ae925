/** What agreement among liars costs: by formula, and measured in the simulator. */
export { certificateBytes, hotStuffBlockMessages, hotStuffMessages } from "./formulas";
export { hotStuffViewChangeMessages, messageDelays, pbftMessages, totalOf } from "./formulas";
export type { MessageCounts } from "./formulas";
export { measureAgreement } from "./measure";
export type { AgreementCost, ByzantineProtocol, CostExperiment } from "./measure";
export { countProofs } from "./proofs";
