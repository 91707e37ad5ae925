/** Random faults over the distributed cache, and what its clients may then see. */
export { storm as cacheStorm } from "./definition";
export { CacheJudge } from "./judge";
export { planOf as cacheStormPlan } from "./plan";
export { runStorm as runCacheStorm } from "./run";
