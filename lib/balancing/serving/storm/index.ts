/** Storms over balancers: what a seed draws is in `plan.ts`, one storm in `run.ts`. */
export { storm as balancingStorm } from "./definition";
export { planOf as balancingStormPlan } from "./plan";
export type { BalancingPlan } from "./plan";
