/** Storms over HotStuff, with traitors among its replicas. */
export { storm as hotStuffStorm } from "./definition";
export { planOf as hotStuffStormPlan } from "./plan";
export type { HotStuffStormPlan } from "./plan";
