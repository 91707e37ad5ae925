/**
 * Faulty replicas for experiments: `behaviours.ts` names what they do, `byzantine-pbft.ts` is a
 * replica that does it, each lie is in `deeds/`.
 */
export { behaviourNames, pbftBehaviours } from "./behaviours";
export type { PbftBehaviour } from "./behaviours";
export { ByzantinePbft } from "./byzantine-pbft";
export type { ByzantineOptions } from "./byzantine-pbft";
