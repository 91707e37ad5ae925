/**
 * What agreement among n = 3f + 1 replicas costs, in closed form, by the type of message. A message
 * counts when it is sent; nobody sends to itself.
 *
 * Source: Castro and Liskov 1999, figure 1 and section 4.4; Yin et al. 2019, table 1 and section 5.
 */
import { wholeInRange } from "../../basics";

/** Messages by type. */
export type MessageCounts = Readonly<Record<string, number>>;

function sizeOf(replicas: number): { n: number; others: number } {
  const n = wholeInRange("replicas", replicas, { min: 4, max: 10_000 });
  return { n, others: n - 1 };
}

/** One request: quadratic, since in two phases everybody tells everybody. 29 for n = 4. */
export function pbftMessages(replicas: number): MessageCounts {
  const { n, others } = sizeOf(replicas);
  return {
    ...{ request: 1, prePrepare: others },
    ...{ prepare: others * others, commit: n * others, reply: n },
  };
}

/**
 * One command alone: linear. The client asks all n; three blocks go out and their votes come back,
 * and a last certificate tells all that the first one is decided.
 */
export function hotStuffMessages(replicas: number): MessageCounts {
  const { n, others } = sizeOf(replicas);
  return { request: n, proposal: 3 * others, vote: 3 * others, decide: others, reply: n };
}

/** Under load, between replicas: every block carries the phases of the two before it. */
export function hotStuffBlockMessages(replicas: number): MessageCounts {
  const { others } = sizeOf(replicas);
  return { proposal: others, vote: others };
}

/** The first leader is dead: from the timeouts of the n - 1 others to a command's decision. */
export function hotStuffViewChangeMessages(replicas: number): MessageCounts {
  const { n, others } = sizeOf(replicas);
  return {
    ...{ request: n, newView: others - 1 },
    ...{ proposal: 3 * others, vote: 3 * (others - 1), decide: others, reply: others },
  };
}

/**
 * The first primary is dead: the n - 1 others tell all, and the new one proves to all that enough
 * of them did. What was prepared is agreed upon once more, which is not counted here. Quadratic in
 * messages; a view-change holds up to a quorum of proofs a request, so the new-view, which holds a
 * quorum of those and goes to all, makes the proofs cubic.
 */
export function pbftViewChangeMessages(replicas: number): MessageCounts {
  const { others } = sizeOf(replicas);
  return { viewChange: others * others, newView: others };
}

/** One way trips from a client's request to its answer. */
export const messageDelays = { pbft: 5, hotStuff: 9 } as const;

/** All of them. */
export function totalOf(counts: MessageCounts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/**
 * Bytes of a certificate's signatures: n - f of Ed25519, 64 bytes each, or one threshold signature
 * of BLS over BLS12-381, 48 bytes, as the paper supposes. The number of messages is the same.
 */
export function certificateBytes(replicas: number): { list: number; threshold: number } {
  const { n } = sizeOf(replicas);
  return { list: 64 * (n - Math.floor((n - 1) / 3)), threshold: 48 };
}
