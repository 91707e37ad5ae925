/** How many messages elections cost, in closed form; n: all nodes, the dead ones included. */
import { wholeInRange } from "../../basics";

export interface BullyMessages {
  readonly election: number;
  readonly answer: number;
  readonly coordinator: number;
}

/**
 * The highest of n has died, and one of the others begins: `starter` 1 is the lowest, n - 1 the
 * highest that lives. Everybody above the starter holds an election of its own. At worst, from the
 * lowest, n(n - 1)/2 elections, (n - 1)(n - 2)/2 answers, n - 2 announcements; at best 1, 0, n - 2.
 */
export function bullyMessages(nodes: number, starter: number): BullyMessages {
  wholeInRange("nodes", nodes, { min: 2, max: 1_000_000 });
  wholeInRange("starter", starter, { min: 1, max: nodes - 1 });
  // Those from the starter up to n - 1 hold elections.
  const above = nodes - starter;
  return {
    election: (above * (above + 1)) / 2,
    answer: (above * (above - 1)) / 2,
    coordinator: nodes - 2,
  };
}

/**
 * Election messages in a one-way ring when all n begin: n H_n over all orders of the names, 2n - 1
 * when they rise along the ring, n(n + 1)/2 when they fall.
 */
export function ringMessages(nodes: number): { best: number; mean: number; worst: number } {
  wholeInRange("nodes", nodes, { min: 1, max: 1_000_000 });
  let harmonic = 0;
  for (let i = 1; i <= nodes; i++) harmonic += 1 / i;
  return { best: 2 * nodes - 1, mean: nodes * harmonic, worst: (nodes * (nodes + 1)) / 2 };
}

/**
 * Raft's leader of n has died, and one candidate wins at once, which is the best case: n - 1 ask
 * for a pre-vote and n - 2 answers, the same for the vote, then n - 1 heartbeats and their n - 2
 * answers. Split votes repeat the first four terms, with no bound but by chance.
 */
export function raftElectionMessages(nodes: number): number {
  wholeInRange("nodes", nodes, { min: 3, max: 1_000_000 });
  return 3 * (nodes - 1) + 3 * (nodes - 2);
}

/** The bound of Hirschberg and Sinclair: 8n (1 + ceil(log2 n)). */
export function hirschbergSinclairBound(nodes: number): number {
  wholeInRange("nodes", nodes, { min: 1, max: 1_000_000 });
  return 8 * nodes * (1 + Math.ceil(Math.log2(nodes)));
}
