/** Raft in the simulator, ready to run: clusters with clients, and elections by the thousand. */
export { logCells } from "./log-cells";
export type { RaftLogCell } from "./log-cells";
export { measureElections, splitVoteRate } from "./elections";
export type { ElectionExperiment, ElectionTrial } from "./elections";
export { simulateRaft } from "./simulate-raft";
export type { RaftRun, RaftSimulation, Roles, ScriptedFault } from "./simulate-raft";
