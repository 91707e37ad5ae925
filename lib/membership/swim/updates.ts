/**
 * What members say of each other, and which of two things said counts: a total order, so that all
 * members end with the same view in whatever order they hear.
 *
 * Source: A. Das, I. Gupta, A. Motivala, "SWIM: Scalable Weakly-consistent Infection-style Process
 * Group Membership Protocol", DSN 2002, section 4.2. There a confirmed death is final and a process
 * that comes back takes a new name; here, as in hashicorp/memberlist, an alive with a higher
 * incarnation beats it, so that a restarted member rejoins under its name. `paperOrder` is the
 * paper's. A leave is a death that the member has told itself.
 */
import type { NodeId } from "../../protocol";

export type MemberStatus = "alive" | "suspect" | "dead" | "left";

/** "`member` is `status` in its incarnation `incarnation`." */
export interface Update {
  readonly status: MemberStatus;
  readonly member: NodeId;
  /** Raised by the member alone, to deny what was said of it. */
  readonly incarnation: number;
  /** Who said so first: independent suspicions are told apart by it. */
  readonly by: NodeId;
}

/** What is known of one member. */
export interface Standing {
  readonly status: MemberStatus;
  readonly incarnation: number;
}

/** Whether what was heard replaces what is known. */
export type UpdateOrder = (heard: Standing, known: Standing) => boolean;

const ranks: Readonly<Record<MemberStatus, number>> = { alive: 0, suspect: 1, dead: 2, left: 3 };

/** The higher incarnation counts; of one incarnation, left over dead over suspect over alive. */
export function rejoinOrder(heard: Standing, known: Standing): boolean {
  const newer = heard.incarnation - known.incarnation;
  return newer > 0 || (newer === 0 && ranks[heard.status] > ranks[known.status]);
}

/** Section 4.2 to the letter: nothing overrides a death. */
export function paperOrder(heard: Standing, known: Standing): boolean {
  if (isGone(known)) return false;
  return isGone(heard) || rejoinOrder(heard, known);
}

/** Dead or left: not counted, not probed. */
export function isGone({ status }: Standing): boolean {
  return status === "dead" || status === "left";
}
