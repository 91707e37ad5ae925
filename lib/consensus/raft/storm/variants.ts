/**
 * Planted bugs: Raft with one rule broken each. Storms that do not find them are worth nothing, so
 * each must be found; `npm run mutants` says how soon.
 */
import { withIds } from "../../../hosts";
import type { Variant } from "../../../hosts";
import { Raft } from "../raft";
import { thesisRules } from "../rules";
import type { Rules } from "../rules";
import { DoubleCounter, HastyChanger, TruncatingFollower } from "./planted-bugs";
import { UnsavedVote, VoteResetter } from "./planted-bugs";
import type { StormPlan } from "./plan";
import type { RaftClass } from "./run";

export interface RaftVariant extends Variant<StormPlan> {
  readonly server: RaftClass;
}

/** Raft with some rules replaced. */
export function raftWith(broken: Partial<Rules>): RaftClass {
  return class extends Raft {
    override get rules(): Rules {
      return { ...thesisRules, ...broken };
    }
  };
}

const kv = { machine: "kv" } as const;
const steady = {
  changesMembership: false,
  transfersLeadership: false,
  isClogging: false,
  bytesPerSecond: Infinity,
  maxJumpMs: 0,
  diskMs: 0,
  isCorrupting: false,
} as const;
const rough = { ...steady, isCrashing: true, isPartitioned: true } as const;
/** Elections at once on all servers, over slow links, and servers that restart in between. */
const crowded = {
  ...steady,
  servers: 3,
  isCrashing: true,
  crashes: { everyMs: 100, minMs: 1, maxMs: 3 },
  maxLatencyMs: 60,
  leaderChurnRate: 0.7,
  options: {
    electionTimeoutMaxMs: 155,
    hasPreVote: false,
    hasCheckQuorum: false,
    readMode: "log",
  },
} as const;

export const raftVariants = withIds<RaftVariant>([
  {
    name: "vote forgotten on restart",
    section: "3.8",
    server: raftWith({ recallVote: ({ term }) => ({ term, votedFor: null }) }),
    plan: crowded,
  },
  {
    name: "an older term's entry committed by count",
    section: "3.6.2",
    server: raftWith({ mayCommit: () => true }),
    plan: {
      ...steady,
      servers: 3,
      isCrashing: true,
      isPartitioned: false,
      leaderChurnRate: 0.9,
      churnMs: 60,
      maxLatencyMs: 20,
      options: { maxBatchEntries: 1, maxInFlight: 1 },
    },
  },
  {
    name: "stale read by a deposed leader",
    section: "6.4",
    server: raftWith({ isReadConfirmed: () => true }),
    plan: { ...rough, options: { ...kv, readMode: "readIndex", hasCheckQuorum: false } },
  },
  {
    name: "no log check in the vote",
    section: "3.6.1",
    server: raftWith({ isUpToDate: () => true }),
    plan: rough,
  },
  {
    name: "snapshot without the session table",
    section: "6.3",
    server: raftWith({ snapshotContent: ({ machine }) => ({ machine, sessions: [] }) }),
    plan: { ...rough, options: { ...kv, snapshotEvery: 8 } },
  },
  {
    name: "two changes of membership at once",
    section: "4.1",
    server: raftWith({ mayChangeMembership: () => true }),
    plan: {
      ...steady,
      servers: 3,
      changesMembership: true,
      operateMs: 30,
      isPartitioned: true,
      isCrashing: false,
      isPausing: false,
      leaderChurnRate: 0,
      lossRate: 0,
      options: { snapshotEvery: 10_000 },
    },
  },
  {
    name: "lease under clock jumps",
    section: "6.4.1",
    server: Raft,
    plan: { ...rough, maxJumpMs: 2_000, options: { ...kv, readMode: "lease" } },
  },
  {
    name: "vote and term not saved",
    section: "3.8",
    server: UnsavedVote,
    plan: crowded,
  },
  {
    name: "an old message truncates the log",
    section: "3.5",
    server: TruncatingFollower,
    plan: { ...steady, reorderRate: 0.3, duplicateRate: 0.3, leaderChurnRate: 0.5 },
  },
  {
    name: "a repeated vote counted twice",
    section: "3.4",
    server: DoubleCounter,
    plan: { ...crowded, servers: 5, duplicateRate: 0.5 },
  },
  {
    name: "the vote forgotten on a step down within its term",
    section: "3.4",
    server: VoteResetter,
    plan: { ...crowded, duplicateRate: 0.5, reorderRate: 0.3 },
  },
  {
    name: "an old snapshot replaces a newer state",
    section: "5",
    server: raftWith({ isSnapshotNew: () => true }),
    plan: { ...rough, duplicateRate: 0.3, options: { snapshotEvery: 8, trailingEntries: 0 } },
  },
  {
    name: "rounds of earlier reads used again",
    section: "6.4",
    server: raftWith({ isReadConfirmed: (confirmed, read) => confirmed % 16 >= read % 16 }),
    plan: { ...rough, options: { ...kv, readMode: "readIndex", hasCheckQuorum: false } },
  },
  {
    name: "a change of one server before a commit of the own term",
    section: "4.1",
    server: HastyChanger,
    plan: {
      ...rough,
      servers: 3,
      changesMembership: true,
      operateMs: 15,
      isPausing: true,
      crashes: { everyMs: 150, minMs: 1, maxMs: 300 },
      leaderChurnRate: 0.5,
      partitionMs: 300,
      lossRate: 0.2,
      faultsMs: 10_000,
      options: {
        snapshotEvery: 10_000,
        hasPreVote: false,
        hasCheckQuorum: false,
        readMode: "log",
        electionTimeoutMaxMs: 200,
      },
    },
  },
]);
