/** Elections in the simulator and in every order: their messages, their times, their leaders. */
export { countBullyElection, countRingElection } from "./count-messages";
export type { BullyElection, ElectionCount, RingElection } from "./count-messages";
export { allAgree, electionExplorer, epochsAreAnnounced, noEpochTwice } from "./explore-elections";
export { oneLeader, oneLeaderAtRest } from "./explore-elections";
export type { ElectionAlgorithm, ExploredElection } from "./explore-elections";
export { measureFailovers, simulateElection } from "./simulate-election";
export type { Among, ElectionLook, ElectionRun, Failover } from "./simulate-election";
export type { FailoverExperiment, SimulatedElection } from "./simulate-election";
