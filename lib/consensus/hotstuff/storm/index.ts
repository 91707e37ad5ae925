/** Storms over HotStuff, with traitors among its replicas. */
export { runStorm as runHotStuffStorm, storm as hotStuffStorm } from "./definition";
export { planOf as hotStuffStormPlan } from "./plan";
export type { HotStuffStormPlan } from "./plan";
export { hotStuffWith } from "./variants";
