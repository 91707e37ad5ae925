/**
 * Raft, as Ongaro's thesis has it. `raft.ts` is the server: what it knows is `state.ts`, what it
 * saves `storage.ts`, what it says `messages.ts`, its knobs `options.ts`, and what must never be
 * broken `rules.ts`. Then, in the order of the thesis: `election.ts` and `roles.ts`; the log in
 * `log.ts`, its replication in `replication.ts` (leader) and `append-entries.ts` (follower),
 * `quorum.ts`, `progress.ts` and `commit.ts`; `transfer.ts`; `membership.ts` and
 * `membership-change.ts`; `snapshots.ts`; `clients.ts`, `sessions.ts` and `reads.ts`. Around it:
 * `client.ts` and `load-client.ts`, the state machines in `machines/`, `invariants.ts`, which watch
 * from outside, `simulation/` and `storm/`.
 */
export { Raft } from "./raft";
export { RaftClient } from "./client";
export type { RaftClientOptions } from "./client";
export { RaftLoadClient } from "./load-client";
export type { RaftLoadOptions } from "./load-client";
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
export * from "./simulation";
export * from "./storm";
