/** Storms over the attestation of totals: what a seed draws is in `plan.ts`. */
export { storm as attestationStorm } from "./definition";
export { planOf as attestationStormPlan } from "./plan";
export type { AttestationStormPlan } from "./plan";
export { attestationVariants } from "./variants";
export type { AttestationVariant } from "./variants";
