/** Raft in the simulator, ready to run: clusters with clients, elections, every order. */
export { raftCommits, raftExplorer, raftSafety } from "./explore-raft";
export { logCells } from "./log-cells";
export type { RaftLogCell } from "./log-cells";
export { measureElections, splitVoteRate } from "./elections";
export type { ElectionExperiment, ElectionTrial } from "./elections";
export { simulateRaft } from "./simulate-raft";
export type { RaftRun, RaftSimulation, Roles, ScriptedFault } from "./simulate-raft";
