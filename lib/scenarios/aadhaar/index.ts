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
export { checkQuality } from "./quality/check-quality";
export type { Finding, QualityOptions, QualityReport, QualityRow } from "./quality/check-quality";
export { judgeQuality, judgeRepairs } from "./quality/judge-quality";
export type { QualityScore, RepairScore } from "./quality/judge-quality";
export { repairAadhaar } from "./quality/repair-number";
export type { RepairCandidate, RepairOptions } from "./quality/repair-number";
export type { FindingKind } from "./quality/rules";
export { errorRates, errorRatesOf, thresholdFor } from "./error-rates";
export type { ErrorRates, Seen } from "./error-rates";
export { bandRecall } from "./iris/bands";
export type { BandPlan } from "./iris/bands";
export { judgeDuplicates } from "./iris/judge-duplicates";
export type { DuplicateScore } from "./iris/judge-duplicates";
export { findDuplicates, measureBands, planFor } from "./iris/search";
export type { BandMeasurement, SearchOptions, SearchResult } from "./iris/search";
export { demographics, demographicTables } from "./demographics";
export type {
  DemographicRow,
  Demographics,
  DemographicsOptions,
  DemographicTable,
} from "./demographics";
export { findBursts } from "./events/bursts";
export type { BurstAlert, BurstOptions } from "./events/bursts";
export { eventLog } from "./events/event-log";
export type { EventLog } from "./events/event-log";
export { judgeBursts, judgeTravels } from "./events/judge-events";
export type { AlertScore } from "./events/judge-events";
export { medianLatencies, refusingDevices, slowEvents } from "./events/outliers";
export type { Outlier, OutlierOptions } from "./events/outliers";
export { median, poissonTail, robustDeviation, robustScores } from "./events/robust";
export { findTravels } from "./events/travels";
export type { TravelAlert, TravelOptions } from "./events/travels";
export { compareWithClaims } from "./authentication/claims";
export type { ClaimRow, MeasuredSearch, MeasuredSystem } from "./authentication/claims";
export { compareFusions } from "./authentication/compare-fusions";
export type { FusionComparison, FusionOutcome } from "./authentication/compare-fusions";
export { fitLikelihoodRatio, logLikelihoodRatio } from "./authentication/likelihood-ratio";
export type { LikelihoodRatio } from "./authentication/likelihood-ratio";
export { fusedLikeness, fusionCurves } from "./authentication/fusion";
export type { FusionCurves, FusionOptions, FusionWeights } from "./authentication/fusion";
export { timeMatches } from "./authentication/time-matches";
export type { MatchTiming, MatchTimingOptions } from "./authentication/time-matches";
export { makeTrials } from "./authentication/trials";
export type { Trial, TrialOptions } from "./authentication/trials";
export { identify } from "./iris/identify";
export type { IdentifyOptions } from "./iris/identify";
