/**
 * Storms over the distributed sort: what a seed draws is in `plan.ts`, what must hold is in
 * `judge.ts`, planted bugs are in `variants.ts`.
 */
export { storm as sortStorm } from "./definition";
