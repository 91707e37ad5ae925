/** Storms over the lock service: what a seed draws is in `plan.ts`, one storm in `run.ts`. */
export { storm as lockStorm } from "./definition";
export { planOf as lockStormPlan } from "./plan";
export type { LockStormPlan } from "./plan";
export { runStorm as runLockStorm } from "./run";
export type { LockParts, LockStormAction, LockStormResult } from "./run";
export { lockVariants } from "./variants";
export type { LockVariant } from "./variants";
