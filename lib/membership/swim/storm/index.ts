/**
 * Storms over SWIM: what a seed draws is in `plan.ts`, one storm in `run.ts`, what must hold after
 * every event in `invariants.ts`, planted bugs are in `variants.ts`.
 */
export { storm as swimStorm } from "./definition";
export type { SwimStormAction } from "./actions";
export { planOf as swimStormPlan } from "./plan";
export type { SwimStormPlan } from "./plan";
export { runSwimStorm } from "./run";
export type { SwimClass, SwimStormResult } from "./run";
export { swimVariants, swimWith } from "./variants";
export type { SwimVariant } from "./variants";
