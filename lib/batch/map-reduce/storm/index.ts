/**
 * Storms over MapReduce: what a seed draws is in `plan.ts`, what must hold in `judge.ts`, planted
 * bugs are in `variants.ts`.
 */
export { storm as mapReduceStorm } from "./definition";
export { faultsOf as jobStormFaults, planOf as jobStormPlan } from "./plan";
export type { JobStormPlan, JobWeather } from "./plan";
