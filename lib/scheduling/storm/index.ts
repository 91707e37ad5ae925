/** Storms over the scheduler: what a seed draws is in `plan.ts`, one storm in `run.ts`. */
export { storm as schedulerStorm } from "./definition";
export { planOf as schedulerStormPlan } from "./plan";
export type { SchedulerStormPlan } from "./plan";
export { runStorm as runSchedulerStorm } from "./run";
export type { SchedulerStormAction, SchedulerStormResult } from "./run";
export { schedulerVariants } from "./variants";
export type { SchedulerVariant } from "./variants";
