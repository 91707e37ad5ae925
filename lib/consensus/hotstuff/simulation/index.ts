/** HotStuff in the simulator, ready to run. */
export { simulateHotStuff } from "./simulate-hotstuff";
export type { HotStuffRun, HotStuffSimulation } from "./simulate-hotstuff";
