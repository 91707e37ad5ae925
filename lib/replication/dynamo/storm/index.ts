/** Storms over the store: what a seed draws is in `plan.ts`, one storm in `run.ts`. */
export { storm as dynamoStorm } from "./definition";
export { StoreJudge } from "./judge";
export type { StoreHistory, StoreViolation } from "./judge";
export { planOf as dynamoStormPlan } from "./plan";
export type { DynamoStormPlan } from "./plan";
export { runStorm as runDynamoStorm } from "./run";
export type { DynamoStormAction, DynamoStormResult } from "./run";
export { dynamoVariants, dynamoWith } from "./variants";
export type { DynamoVariant } from "./variants";
