export { kMeansByMapReduce } from "./k-means/by-map-reduce";
export type { Centres, KMeansOptions, KMeansResult } from "./k-means/model";
export { kMeansOnDataset } from "./k-means/on-dataset";
export { startingCentres } from "./k-means/starting-centres";
export { logisticByMapReduce } from "./logistic/by-map-reduce";
export type { LogisticOptions, LogisticResult } from "./logistic/model";
export { logisticOnDataset } from "./logistic/on-dataset";
export type { PassReport } from "./passes";
export type { PointFiles } from "./points";
