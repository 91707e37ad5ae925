/**
 * The Byzantine generals: agreement though some lie, in rounds. `oral.ts` needs 3m + 1 generals
 * for m traitors, `signed.ts` any number; `traitors.ts` lie as they are told, `outcomes.ts` counts
 * what lies can do, `formulas.ts` what it costs; `simulation/` tries every lie. PBFT is their heir.
 */
export { defaultOrder, majority } from "./generals";
export type { GeneralOptions, Order } from "./generals";
export { generalsNeeded, oralMessages, signedMessages } from "./formulas";
export { OralGeneral } from "./oral";
export type { OralMessage } from "./oral";
export { oralOutcomes } from "./outcomes";
export { SignedGeneral } from "./signed";
export type { SignedMessage } from "./signed";
export { OralTraitor, SignedTraitor } from "./traitors";
export type { OralLie } from "./traitors";
export * from "./simulation";
