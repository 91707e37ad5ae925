/**
 * The rules that make the register right, each a pure function on its own, so that a test or a
 * notebook can replace one and see what breaks: `class Broken extends CasRegister { get rules() {
 * ... } }`.
 */
import { isLater } from "./messages";
import type { Accepted, Ballot, CasRequest } from "./messages";

export interface CasRules {
  /** Section 2.1: an acceptor votes in no ballot that is earlier than its promise. */
  mayVote(phase: "prepare" | "accept", promised: Ballot, ballot: Ballot): boolean;
  /** Section 2.1: a promise tells what was accepted last: the rule that makes a choice last. */
  told(accepted: Accepted | null): Accepted | null;
  /** Section 2.2: of what the promises tell, the state of the latest ballot counts. */
  latest(known: Accepted | null, heard: Accepted | null): Accepted | null;
  /** Section 2.1: two attempts never have the same ballot, whoever makes them and when. */
  proposer(id: string, life: number): string;
  /** Section 2.1: the next ballot is later than all that were seen, of earlier lives too. */
  caughtUp(count: number, seen: number): number;
  /** Section 2.2: any two quorums have an acceptor in common. */
  isQuorum(votes: number, nodes: number): boolean;
  /** One vote an acceptor, though messages come twice. */
  isCounted(voters: readonly string[], from: string): boolean;
  /** Votes of an earlier attempt are not votes for this one. */
  isSameBallot(asked: Ballot, voted: Ballot): boolean;
  /** Section 2.2: what is there is agreed upon again before anybody hears of it. */
  mustAccept(request: CasRequest): boolean;
  /** Ours: a change that an earlier attempt has made is not made again, and was no mismatch. */
  isDone(recent: readonly string[], proposal: string): boolean;
  /** Ours: who gives up with a change in doubt does not say that it was not made. */
  isDefinite(isInDoubt: boolean): boolean;
}

export const casRules: CasRules = {
  mayVote: (_phase, promised, ballot) => !isLater(promised, ballot),
  told: (accepted) => accepted,
  latest: (known, heard) => {
    if (known === null || heard === null) return known ?? heard;
    return isLater(heard.ballot, known.ballot) ? heard : known;
  },
  proposer: (id, life) => `${id}/${life}`,
  caughtUp: (count, seen) => Math.max(count, seen),
  isQuorum: (votes, nodes) => 2 * votes > nodes,
  isCounted: (voters, from) => !voters.includes(from),
  isSameBallot: (asked, voted) => !isLater(asked, voted) && !isLater(voted, asked),
  mustAccept: () => true,
  isDone: (recent, proposal) => recent.includes(proposal),
  isDefinite: (isInDoubt) => !isInDoubt,
};
