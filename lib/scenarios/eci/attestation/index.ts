/** Totals of machines that several centres attest, and what is held against those who lie. */
export { CountingCentre } from "./counting-centre";
export type { CentreHost, CentreOptions } from "./counting-centre";
export { inflate, readTotal, totalText } from "./machine-total";
export type { MachineTotal } from "./machine-total";
export type { Attestation, AttestationMessage, AttestationTimer } from "./messages";
export type { Certificate, Evidence, SealedTotal } from "./messages";
export { PollingParty } from "./polling-party";
export type { PollingPartyOptions } from "./polling-party";
export { attest, demonstrationKeys, isAttested, isCertificate, isProven } from "./signatures";
export { isSealed, quorumOf, sealTotal } from "./signatures";
export type { KeyBook, Quorum } from "./signatures";
export { LyingCentre } from "./lying-centre";
export type { LyingOptions } from "./lying-centre";
export type { Lie } from "./lies";
export * from "./storm";
export { simulateAttestation } from "./simulation/simulate-attestation";
export type { AttestationRun, AttestationSimulation } from "./simulation/simulate-attestation";
export type { Named, Stood } from "./simulation/simulate-attestation";
