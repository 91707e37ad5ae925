/** Failure detectors in the simulator. */
export { compareDetectors } from "./compare";
export type { DetectorComparison, DetectorRow } from "./compare";
