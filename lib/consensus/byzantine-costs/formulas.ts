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

/**
 * The first leader is dead: from the timeouts of the n - 1 others to a command's decision. With the
 * next ones dead too it is linear no more: the n - d others ask the second one, who is silent, then
 * tell everybody, and for every further one they tell everybody again.
 */
export function hotStuffViewChangeMessages(replicas: number, deadLeaders = 1): MessageCounts {
  const { n, others, living } = changeOf(replicas, deadLeaders);
  return {
    request: n,
    newView: deadLeaders === 1 ? living - 1 : living + deadLeaders * living * others,
    ...{ proposal: 3 * others, vote: 3 * (living - 1), decide: others, reply: living },
  };
}

/**
 * The first primaries are dead: the n - d others tell all, once for each, and the first that lives
 * proves to all that enough of them did. What was prepared is agreed upon once more, which is not
 * counted here. Quadratic in messages; a view-change holds up to a quorum of proofs a request, so
 * the new-view, which holds a quorum of those and goes to all, makes the proofs cubic.
 */
export function pbftViewChangeMessages(replicas: number, deadPrimaries = 1): MessageCounts {
  const { others, living } = changeOf(replicas, deadPrimaries);
  return { viewChange: deadPrimaries * living * others, newView: others };
}

function changeOf(replicas: number, dead: number): { n: number; others: number; living: number } {
  const { n, others } = sizeOf(replicas);
  wholeInRange("how many are dead", dead, { min: 1, max: Math.floor(others / 3) });
  return { n, others, living: n - dead };
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
