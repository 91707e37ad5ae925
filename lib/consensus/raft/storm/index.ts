/**
 * Storms over the whole of Raft: what a seed draws is in `plan.ts`, one storm in `run.ts`, what its
 * clients saw is judged in `judge.ts`, planted bugs are in `variants.ts`.
 */
export { storm as raftStorm } from "./definition";
export type { RaftStormAction } from "./actions";
export { judge as runRaftStorm } from "./judge";
export { planOf as raftStormPlan } from "./plan";
export type { StormPlan as RaftStormPlan } from "./plan";
export type { RaftClass, StormResult as RaftStormResult } from "./run";
export { raftVariants, raftWith } from "./variants";
export type { RaftVariant } from "./variants";
