/**
 * Elections of one leader. `bully.ts` and `invitation.ts` among all; in rings `chang-roberts.ts`,
 * `lcr.ts` and `hirschberg-sinclair.ts`; leaderships are numbered by `epoch.ts`. What they cost is
 * in `formulas.ts`, and is measured in `simulation/`; `storm/` breaks them. Raft elects in `raft/`.
 */
export { Bully, defaultBullyOptions } from "./bully";
export type { BullyMessage, BullyOptions, BullyTimer } from "./bully";
export { ChangRoberts } from "./chang-roberts";
export type { ChangRobertsMessage, ChangRobertsOptions } from "./chang-roberts";
export { Lcr } from "./lcr";
export type { LcrMessage } from "./lcr";
export { HirschbergSinclair } from "./hirschberg-sinclair";
export type { HirschbergSinclairMessage } from "./hirschberg-sinclair";
export { Invitation, defaultInvitationOptions } from "./invitation";
export type { InvitationMessage, InvitationOptions, InvitationTimer } from "./invitation";
export { compareNames, isNewer, isSame, noEpoch } from "./epoch";
export type { Epoch } from "./epoch";
export {
  bullyMessages,
  hirschbergSinclairBound,
  raftElectionMessages,
  ringMessages,
} from "./formulas";
export type { BullyMessages } from "./formulas";
export type { Elected, RingOptions } from "./ring";
export * from "./simulation";
export { storm as electionStorm } from "./storm/definition";
