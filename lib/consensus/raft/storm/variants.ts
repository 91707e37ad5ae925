/**
 * Planted bugs: Raft with one rule broken each. Storms that do not find them are worth nothing, so
 * each must be found; `npm run mutants` says how soon.
 */
import type { Event } from "../../../protocol";
import type { RaftMessage, RaftTimer } from "../messages";
import { Raft } from "../raft";
import { thesisRules } from "../rules";
import type { Rules } from "../rules";
import { aroundHost } from "./around-host";
import type { RaftHost } from "./around-host";
import type { StormPlan } from "./plan";
import type { RaftClass } from "./run";

export interface RaftVariant {
  /** For the command line: the name with hyphens. */
  readonly id: string;
  readonly name: string;
  /** Of the thesis, where the rule stands that is broken. */
  readonly section: string;
  readonly server: RaftClass;
  /** Where the storm should blow for this one; the seed draws the rest. */
  readonly plan: Partial<StormPlan>;
}

/** Raft with some rules replaced. */
export function raftWith(broken: Partial<Rules>): RaftClass {
  return class extends Raft {
    override get rules(): Rules {
      return { ...thesisRules, ...broken };
    }
  };
}

type RaftEvent = Event<RaftMessage, RaftTimer>;

/** Votes and terms are answered, and never saved. */
class UnsavedVote extends Raft {
  override handle(event: RaftEvent, host: RaftHost): void {
    const save = (key: string, value: unknown): void => {
      if (key !== "vote") host.save(key, value);
    };
    super.handle(event, aroundHost(host, { save }));
  }
}

/** A follower's log ends where the latest message ends, even when that one is old. */
class TruncatingFollower extends Raft {
  override handle(event: RaftEvent, host: RaftHost): void {
    super.handle(event, host);
    if (event.kind !== "message" || event.message.type !== "appendEntries") return;
    const { prevLogIndex, entries, term } = event.message;
    const length = prevLogIndex + entries.length - this.log.baseIndex;
    if (term !== this.currentTerm || entries.length === 0 || length < 0) return;
    for (let i = this.log.entries.length; i > length; i--) {
      host.save(`log/${this.log.baseIndex + i}`, undefined);
    }
    this.log.entries.length = Math.min(this.log.entries.length, length);
  }
}

/** A vote that arrives twice counts for two. */
class DoubleCounter extends Raft {
  override handle(event: RaftEvent, host: RaftHost): void {
    if (event.kind === "message" && event.message.type === "requestVoteAnswer") {
      const isRepeated = this.votes.get(event.from) === true && event.message.isVoteGranted;
      const others = this.memberships.flatMap(({ membership }) => membership.voters);
      const silent = others.find((id) => !this.votes.has(id));
      if (isRepeated && silent !== undefined) this.votes.set(silent, true);
    }
    super.handle(event, host);
  }
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

const planted: readonly Omit<RaftVariant, "id">[] = [
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
];

export const raftVariants: readonly RaftVariant[] = planted.map((variant) => {
  return { ...variant, id: variant.name.replace(/'/g, "").replace(/\W+/g, "-") };
});
