/**
 * Storms over Chord: what a seed draws in `plan.ts`, what must hold of the ring in `ring.ts` and of
 * blocks in `judge.ts`, planted bugs in `variants.ts`.
 */
export { storm as chordStorm } from "./definition";
export { chordWith } from "./variants";
