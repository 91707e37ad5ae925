/**
 * Epidemics after Demers et al.: `rumour-monger.ts` with the loss of interest in `interest.ts`,
 * `anti-entropy.ts` over the replica in `database.ts`; whom to call is in `peer-choice.ts`.
 */
export { RumourMonger, defaultRumourOptions } from "./rumour-monger";
export type { GossipMode, RumourMongerOptions } from "./rumour-monger";
export type { Rumour, RumourMessage } from "./messages";
export { AntiEntropy, defaultAntiEntropyOptions } from "./anti-entropy";
export type { AntiEntropyMessage, AntiEntropyOptions } from "./anti-entropy";
export type { Entry, Stamp } from "./database";
export { cold, counterAfter } from "./interest";
export type { Contacts, InterestLoss, InterestOptions } from "./interest";
export type { TopologyOptions } from "./peer-choice";
export * from "./simulation";
export * from "./storm";
