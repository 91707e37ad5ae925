import "../../kernel/in-stock-kernel";
export { compareAll } from "./iris/compare-all";
export type { CompareOptions, CompareResult, DistanceHistogram } from "./iris/compare-all";
export {
  decisionThreshold,
  expectedFalsePairs,
  falseMatchProbability,
  galleryFalseMatch,
  impostorDensity,
  normalisedDistance,
} from "./iris/decision";
export type { DecisionOptions } from "./iris/decision";
export { IrisGallery } from "./iris/gallery";
export { makeIrisGallery } from "./iris/make-gallery";
export type { IrisMatch } from "./iris/match-list";
export type { IrisOptions } from "./iris/parallel";
