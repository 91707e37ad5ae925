/** The knobs of a Raft server, each with its unit, its default and how to choose it. */
import { inRange, oneOf, wholeInRange, withDefaults } from "../../basics";
import type { NodeId } from "../../protocol";

/** How a linearizable read is made safe; "local" gives that up and reads any server's state. */
export type ReadMode = "readIndex" | "lease" | "log" | "local";
const readModes: readonly ReadMode[] = ["readIndex", "lease", "log", "local"];

export interface RaftOptions {
  /** Election timeouts are drawn from [min, max): at least 10 x the round trip. Default 150 ms. */
  readonly electionTimeoutMinMs: number;
  /** The wider the range, the fewer split votes: twice the minimum is usual. Default 300 ms. */
  readonly electionTimeoutMaxMs: number;
  /** A third of the minimal timeout or less, so that a lost heartbeat does no harm. Default 50. */
  readonly heartbeatMs: number;
  /** Asks before it disturbs: no term rises in vain (section 9.6). Default true. */
  readonly hasPreVote: boolean;
  /**
   * A leader that hears no majority for an election timeout steps down, and a server that hears
   * its leader grants no votes (sections 6.2, 4.2.3). Default true; leases need it.
   */
  readonly hasCheckQuorum: boolean;
  /** Entries in one AppendEntries; default 256. */
  readonly maxBatchEntries: number;
  /**
   * Unanswered AppendEntries, or parts of a snapshot, to one follower; 1 is no pipelining.
   * Throughput to a follower is at most maxInFlight x maxBatchEntries a round trip. Default 16.
   */
  readonly maxInFlight: number;
  /**
   * The leader writes to its disk while the followers do, and counts itself when it is done
   * (section 10.2.1): one write less of delay, one message to itself more. Default false.
   */
  readonly hasParallelWrites: boolean;
  /** Entries a leader holds uncommitted; beyond that clients hear "busy". Default 10,000. */
  readonly maxUncommitted: number;
  /** A snapshot is taken every so many applied entries, if not later; default 10,000. */
  readonly snapshotEvery: number;
  /**
   * Characters of a snapshot for each entry applied since the one before, at most: where the state
   * grows with the log, snapshots of a fixed distance would cost the square of its length. For the
   * expansion factor of section 5.1.2, in entries. Default 1,000.
   */
  readonly snapshotLengthPerEntry: number;
  /** Applied entries kept behind a snapshot for followers that lag a little; default 1,000. */
  readonly trailingEntries: number;
  /** Characters of a snapshot in one InstallSnapshot; default 65,536. */
  readonly snapshotChunkLength: number;
  /** Sessions kept; past that the least recently used one is closed. Default 10,000. */
  readonly maxSessions: number;
  /** How reads are served unless they say otherwise; default "readIndex". */
  readonly readMode: ReadMode;
  /**
   * By how much clocks may differ in rate while a lease runs, 0 to 1: a lease lasts
   * electionTimeoutMinMs / (1 + this). Jumps are beyond it. Default 0.1.
   */
  readonly clockDriftRate: number;
  /** The state machine by name: "kv", "payments", or one that was registered. Default "kv". */
  readonly machine: string;
  /** The first voters; default: this node and its peers. A server that joins later names others. */
  readonly voters: readonly NodeId[] | null;
  /** The first learners; default none. */
  readonly learners: readonly NodeId[];
}

export const defaultRaftOptions: RaftOptions = {
  electionTimeoutMinMs: 150,
  electionTimeoutMaxMs: 300,
  heartbeatMs: 50,
  hasPreVote: true,
  hasCheckQuorum: true,
  maxBatchEntries: 256,
  maxInFlight: 16,
  hasParallelWrites: false,
  maxUncommitted: 10_000,
  snapshotEvery: 10_000,
  snapshotLengthPerEntry: 1_000,
  trailingEntries: 1_000,
  snapshotChunkLength: 65_536,
  maxSessions: 10_000,
  readMode: "readIndex",
  clockDriftRate: 0.1,
  machine: "kv",
  voters: null,
  learners: [],
};

const dayMs = 86_400_000;

/** The options with their defaults. Throws a RangeError that names the first one that is wrong. */
export function raftOptions(given: Partial<RaftOptions>): RaftOptions {
  const options = withDefaults("Raft", defaultRaftOptions, given);
  checkTimes(options);
  for (const name of [
    "maxBatchEntries",
    "maxInFlight",
    "maxUncommitted",
    "snapshotEvery",
    "snapshotLengthPerEntry",
    "snapshotChunkLength",
    "maxSessions",
  ] as const) {
    wholeInRange(name, options[name], { min: 1, max: Number.MAX_SAFE_INTEGER });
  }
  wholeInRange("trailingEntries", options.trailingEntries, { min: 0, max: 2 ** 32 });
  inRange("clockDriftRate", options.clockDriftRate, { min: 0, max: 1 });
  oneOf("readMode", options.readMode, readModes);
  if (options.readMode === "lease" && !options.hasCheckQuorum) {
    throw new RangeError("readMode lease needs hasCheckQuorum: without it others may be elected");
  }
  return options;
}

function checkTimes(options: RaftOptions): void {
  const { electionTimeoutMinMs: minMs, electionTimeoutMaxMs: maxMs, heartbeatMs } = options;
  inRange("electionTimeoutMinMs", minMs, { min: 1, max: dayMs });
  inRange("electionTimeoutMaxMs", maxMs, { min: minMs, max: dayMs });
  inRange("heartbeatMs", heartbeatMs, { min: 0.1, max: dayMs });
  if (heartbeatMs >= minMs) {
    throw new RangeError(
      `heartbeatMs must be under electionTimeoutMinMs (${minMs}), but was ${heartbeatMs}: ` +
        "followers would start elections under a healthy leader",
    );
  }
}
