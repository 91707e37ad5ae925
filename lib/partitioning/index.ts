/**
 * Which node has a key: one shape, `Placement`, in placement.ts, and six ways to fill it, from the
 * ring to ranges; `comparePlacements` holds them against each other.
 */
import "../kernel/in-stock-kernel";
export { BoundedRing } from "./bounded-ring";
export type { BoundedRingOptions } from "./bounded-ring";
export * from "./chord";
export { comparePlacements } from "./compare";
export type { MakePlacement, PlacementContest, PlacementRow } from "./compare";
export { HashRing } from "./hash-ring";
export type { HashRingOptions } from "./hash-ring";
export { JumpHash, jumpHash } from "./jump";
export { KeyRanges } from "./key-ranges";
export type { KeyRange } from "./key-ranges";
export { fillMaglev, Maglev } from "./maglev";
export type { MaglevOptions, MaglevOrder } from "./maglev";
export { evenNodes } from "./placement";
export type { Placement, PlacementNode } from "./placement";
export { Rendezvous } from "./rendezvous";
export type { RingDialect } from "./ring-points";
export { spreadOwners } from "./spread-owners";
export type { Home } from "./spread-owners";
