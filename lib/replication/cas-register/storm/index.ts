/** Storms over registers: what a seed draws is in `plan.ts`, one storm in `run.ts`. */
export { storm as casStorm } from "./definition";
export { planOf as casStormPlan } from "./plan";
export type { CasStormPlan } from "./plan";
export { runStorm as runCasStorm } from "./run";
export type { CasStormResult } from "./run";
export { casRegisterWith, casVariants } from "./variants";
export type { CasVariant } from "./variants";
