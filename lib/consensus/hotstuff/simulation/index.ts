/** HotStuff in the simulator, ready to run. */
export { simulateHotStuff } from "./simulate-hotstuff";
export type { HotStuffRun, HotStuffSimulation } from "./simulate-hotstuff";
export { hotStuffAgreement, hotStuffExplorer, hotStuffReaches } from "./explore-hotstuff";
export type { ExploredHotStuff } from "./explore-hotstuff";
