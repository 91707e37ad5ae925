/** PBFT in the simulator, ready to run. */
export { simulatePbft } from "./simulate-pbft";
export type { PbftRun, PbftSimulation } from "./simulate-pbft";
export { pbftAgreement, pbftExplorer, pbftReaches } from "./explore-pbft";
export type { ExploredPbft } from "./explore-pbft";
