/** Raft, as Ongaro's thesis has it; see raft.ts for where to begin. */
export { Raft } from "./raft";
export { RaftClient } from "./client";
export type { RaftClientOptions } from "./client";
export { RaftInvariants } from "./invariants";
export type { Violation } from "./invariants";
export type { Rules } from "./rules";
export { thesisRules } from "./rules";
export { defaultRaftOptions } from "./options";
export type { RaftOptions, ReadMode } from "./options";
export type { Answer, ClientAnswer, ClientOperation, ClientRequest } from "./messages";
export type { RaftMessage, RaftTimer } from "./messages";
export type { Entry, Log, SessionStamp } from "./log";
export type { Membership } from "./membership";
export type { Leadership, Progress, RaftState, Role, Snapshot } from "./state";
export { membershipOf } from "./state";
export { majorityReached, quorumReached, voteResult } from "./quorum";
export type { VoteResult, Voters } from "./quorum";
export * from "./machines";
