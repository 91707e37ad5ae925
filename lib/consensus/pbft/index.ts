/**
 * PBFT, as Castro and Liskov have it. `pbft.ts` is the replica: its state is `state.ts`, what it
 * saves `storage.ts`, what it says `messages.ts`, its knobs `options.ts`, what must never be broken
 * `rules.ts`. Every message passes `verification.ts` first, with `shapes.ts`, `encoding.ts` and
 * `authentication/`. Then, in the order of the paper: `requests.ts`, `proposals.ts`,
 * `agreement.ts`, `early.ts`, `batches.ts`, `execution.ts`, `replies.ts`; `checkpoints.ts`;
 * `view-change.ts` with `certificates.ts`, `new-view-plan.ts` and `new-view.ts`;
 * `state-transfer.ts`, `status.ts`, `learning.ts` and `restart.ts`; `reads.ts`. `evidence.ts`
 * proves who lied. Around it: `client.ts` and `load-client.ts`.
 */
export { Pbft } from "./pbft";
export { PbftClient } from "./client";
export type { PbftClientOptions } from "./client";
export { PbftLoadClient } from "./load-client";
export type { PbftLoadOptions } from "./load-client";
export { pbftKeys, publicKeysOf } from "./authentication";
export type { AuthenticationKind, AuthenticationOptions, PbftKeys } from "./authentication";
export { checkEvidence } from "./evidence";
export type { EvidenceVerdict } from "./evidence";
export type { PbftRules } from "./rules";
export { faultsOf, paperRules } from "./rules";
export { defaultPbftOptions } from "./options";
export type { PbftOptions } from "./options";
export type { PbftEvidence, PbftMessage, PbftOperation, PbftTimer } from "./messages";
export * from "./adversaries";
export * from "./storm";
export * from "./simulation";
