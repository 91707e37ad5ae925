/** PBFT in the simulator, ready to run. */
export { simulatePbft } from "./simulate-pbft";
export type { PbftRun, PbftSimulation } from "./simulate-pbft";
