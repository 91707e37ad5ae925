/** The knobs of a Dynamo node, each with its unit, its default and how to choose it. */
import { inRange, oneOf, wholeInRange, withDefaults } from "../../basics";
import type { Home } from "../../partitioning";
import type { NodeId } from "../../protocol";

/**
 * What becomes of a difference that a read has found: nothing; the stale replicas are told after
 * the answer (section 5); or before it, which makes a register of one writer linearizable.
 */
export type ReadRepair = "none" | "later" | "first";

/**
 * Of two writes that had not seen each other both stay, for the client to merge; or the one of the
 * later clock wins, and the other is lost without a word, as in Cassandra.
 */
export type Resolution = "siblings" | "lastWriteWins";

export interface DynamoOptions {
  /** N: owners of a key, 1 to 99; default 3. */
  readonly replicas: number;
  /** R: owners that a read waits for, 1 to N; default 2. With R + W > N it meets every write. */
  readonly readQuorum: number;
  /** W: owners that a write waits for, 1 to N; default 2. */
  readonly writeQuorum: number;
  /** Whether the next node on the ring may stand for an owner that does not answer; default no. */
  readonly isSloppy: boolean;
  /** Default "later". */
  readonly readRepair: ReadRepair;
  /** Default "siblings". */
  readonly resolution: Resolution;
  /** Who is on the ring at first; default: the node and its peers. */
  readonly members: readonly NodeId[] | null;
  /** Where nodes stand: copies go to different cities, then racks. Default: all in one rack. */
  readonly homes: Readonly<Record<NodeId, Home>>;
  /** Q: equal parts of the ring, a power of two up to 4,096; default 32. Well over the nodes. */
  readonly partitions: number;
  /** T: a node's places on the ring; default 16. More of them even out the load. */
  readonly tokens: number;
  /** Buckets of a partition's Merkle tree are 2^this, 0 to 12; default 5. About one a 10 keys. */
  readonly merkleDepth: number;
  /** An owner that has not answered by then is asked again, or replaced; default 40 ms. */
  readonly replyMs: number;
  /** An operation is given up after so many such rounds, 1 or more; default 5. */
  readonly rounds: number;
  /** Means between rounds of gossip, of handing off hints, of comparing trees; 200, 100, 300 ms. */
  readonly gossipMs: number;
  readonly handOffMs: number;
  readonly antiEntropyMs: number;
  /**
   * A tombstone is forgotten when its clock is so far back, in ms; default ten days, as in
   * Cassandra. Longer than any node, hint or message may be away, and clocks apart: else what was
   * deleted comes back.
   */
  readonly graceMs: number;
  /** Keys in a message of a transfer, 1 or more; default 50. */
  readonly pageKeys: number;
}

const defaults: DynamoOptions = {
  replicas: 3,
  readQuorum: 2,
  writeQuorum: 2,
  isSloppy: false,
  readRepair: "later",
  resolution: "siblings",
  members: null,
  homes: {},
  partitions: 32,
  tokens: 16,
  merkleDepth: 5,
  replyMs: 40,
  rounds: 5,
  gossipMs: 200,
  handOffMs: 100,
  antiEntropyMs: 300,
  graceMs: 864_000_000,
  pageKeys: 50,
};

/** With the defaults; throws a RangeError that names what is wrong. */
export function dynamoOptions(given: Partial<DynamoOptions>): DynamoOptions {
  const options = withDefaults("a Dynamo node", defaults, given);
  const { replicas } = options;
  wholeInRange("replicas", replicas, { min: 1, max: 99 });
  wholeInRange("readQuorum", options.readQuorum, { min: 1, max: replicas });
  wholeInRange("writeQuorum", options.writeQuorum, { min: 1, max: replicas });
  oneOf("readRepair", options.readRepair, ["none", "later", "first"]);
  oneOf("resolution", options.resolution, ["siblings", "lastWriteWins"]);
  if (options.members !== null) checkMembers(options.members);
  wholeInRange("partitions", options.partitions, { min: 1, max: 4_096 });
  if (!Number.isInteger(Math.log2(options.partitions))) {
    throw new RangeError(`partitions must be a power of two, but was ${options.partitions}`);
  }
  wholeInRange("tokens", options.tokens, { min: 1, max: 1_000 });
  wholeInRange("merkleDepth", options.merkleDepth, { min: 0, max: 12 });
  wholeInRange("rounds", options.rounds, { min: 1, max: 1_000 });
  wholeInRange("pageKeys", options.pageKeys, { min: 1, max: 100_000 });
  inRange("graceMs", options.graceMs, { min: 0, max: Number.MAX_SAFE_INTEGER });
  for (const name of ["replyMs", "gossipMs", "handOffMs", "antiEntropyMs"] as const) {
    inRange(name, options[name], { min: 1, max: 86_400_000 });
  }
  return options;
}

function checkMembers(members: readonly NodeId[]): void {
  if (!Array.isArray(members) || members.length === 0) {
    throw new RangeError("members must be a list of at least one node, or null");
  }
  const twice = members.find((id, i) => members.indexOf(id) !== i);
  if (twice !== undefined) throw new RangeError(`members has ${twice} twice`);
}
