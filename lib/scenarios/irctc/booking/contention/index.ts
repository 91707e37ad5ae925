/** Three ways to let threads sell the same train, measured. */
export { compareContention } from "./compare-contention";
export type { ContentionExperiment, ContentionRow } from "./compare-contention";
