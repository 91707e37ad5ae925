/**
 * Storms over jobs on data sets: what a seed draws is in `plan.ts`, what must hold is in `judge.ts`
 * and `replay.ts`, planted bugs are in `variants.ts`.
 */
export { storm as datasetStorm } from "./definition";
