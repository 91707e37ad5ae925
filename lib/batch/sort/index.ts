export { SortCoordinator } from "./control/coordinator";
export type { SortCoordinatorOptions, SortOutcome } from "./control/coordinator";
export { SortWorker } from "./control/worker";
export { sortFiles } from "./sort-files";
export type { SortFilesOptions, SortFilesResult } from "./sort-files";
export type { LineShape, RecordShape, SortKey, SortShape } from "./shape";
export { shipComparison } from "./rows/ship-comparison";
