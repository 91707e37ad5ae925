/**
 * Quorums of a membership that may be joint: what a majority of the voters, and in a joint
 * configuration a majority of each half, agree on.
 *
 * Source: D. Ongaro, "Consensus: Bridging Theory and Practice", Stanford 2014, sections 3.6.2 and
 * 4.3; the vectors of etcd-io/raft. One function serves commit index, read rounds, leases and
 * check-quorum: each asks "up to which number do a quorum's numbers reach?"
 * Cost: O(n log n) for n voters.
 */
import type { NodeId } from "../../protocol";

/** Who has a vote. `outgoing` is the old half of a joint configuration, else empty. */
export interface Voters {
  readonly voters: readonly NodeId[];
  readonly outgoing: readonly NodeId[];
}

/** The largest number that a majority of `voters` has reached; Infinity when there are none. */
export function majorityReached(
  voters: readonly NodeId[],
  numberOf: (id: NodeId) => number,
): number {
  if (voters.length === 0) return Infinity;
  const descending = voters.map(numberOf).sort((left, right) => right - left);
  return descending[Math.floor(voters.length / 2)];
}

/** The largest number that a majority of each half has reached. */
export function quorumReached(
  { voters, outgoing }: Voters,
  numberOf: (id: NodeId) => number,
): number {
  const incoming = majorityReached(voters, numberOf);
  return outgoing.length === 0 ? incoming : Math.min(incoming, majorityReached(outgoing, numberOf));
}

export type VoteResult = "won" | "lost" | "pending";

/** `votes` holds true for a vote granted, false for one denied; nothing for one not yet known. */
export function voteResult({ voters, outgoing }: Voters, votes: Votes): VoteResult {
  const results = [majorityVote(voters, votes), majorityVote(outgoing, votes)];
  if (results.includes("lost")) return "lost";
  return results.includes("pending") ? "pending" : "won";
}

export type Votes = ReadonlyMap<NodeId, boolean>;

/** The vote of one half; an empty half is always won, so that it never decides. */
function majorityVote(voters: readonly NodeId[], votes: Votes): VoteResult {
  const needed = Math.floor(voters.length / 2) + 1;
  const granted = voters.filter((id) => votes.get(id) === true).length;
  const denied = voters.filter((id) => votes.get(id) === false).length;
  if (voters.length === 0 || granted >= needed) return "won";
  return voters.length - denied >= needed ? "pending" : "lost";
}
