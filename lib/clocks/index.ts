/** What happened before what, without a clock that all share. */
import "../kernel/in-stock-kernel";
export { advanceVector, compareVectors, mergeVectors } from "./version-vector";
export type { CausalOrder, VersionVector } from "./version-vector";
export {
  areSameVersions,
  contextOf,
  hasSeen,
  mergeSiblings,
  writeVersion,
} from "./dotted-versions";
export type { Dot, Siblings, Version } from "./dotted-versions";
