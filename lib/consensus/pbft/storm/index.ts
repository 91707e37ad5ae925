/**
 * Storms over the whole of PBFT: what a seed draws is in `plan.ts`, one storm in `run.ts`, what
 * must never be in `watch.ts`, what has to be in the end in `judge.ts`, bugs in `variants.ts`.
 */
export { storm as pbftStorm } from "./definition";
export { planOf as pbftStormPlan } from "./plan";
export type { PbftStormPlan } from "./plan";
export { runStorm as runPbftStorm } from "./run";
export type { PbftParts, PbftStormAction, PbftStormVerdict } from "./run";
export { pbftWith } from "./planted-bugs";
export { pbftVariants } from "./variants";
export type { PbftVariant } from "./variants";
