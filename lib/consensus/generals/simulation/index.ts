export { exploreOral, playOral } from "./explore-oral";
export type { OralCounterexample, OralExperiment, OralExploration } from "./explore-oral";
export { exploreSigned } from "./explore-signed";
export type { SignedCounterexample, SignedExperiment, SignedExploration } from "./explore-signed";
export { simulateGenerals } from "./simulate-generals";
export type { GeneralsOutcome, GeneralsRun } from "./simulate-generals";
export { tryThreeGenerals } from "./three-generals";
export type { ThreeGenerals } from "./three-generals";
