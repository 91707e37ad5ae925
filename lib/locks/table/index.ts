/**
 * The lock table, which Raft replicates: its state, what is asked of it in `commands.ts`, what that
 * does in `apply.ts` and `grants.ts`, and the rules that must hold in `rules.ts`.
 */
export type { LockCommand, StampedCommand } from "./commands";
export type { LockTable } from "./grants";
export { lockMachine } from "./machine";
export type { LockQuery, LockView } from "./machine";
export { lockRules } from "./rules";
export type { LockRules } from "./rules";
export { emptyLockState } from "./state";
export type { Claim, Hold, LockAnswer, LockEntry, LockMode, LockNews } from "./state";
export type { LockSession, LockState, Opening, Tokens } from "./state";
export { cycleThrough, findCycle } from "./wait-for-graph";
export type { WaitForGraph } from "./wait-for-graph";
