/** Votes added up: whole numbers, exact, merged in any order. */
import { assert } from "../../../basics";
import type { VotesRow } from "../../../generators/votes";

export interface Tally {
  /** Uploads in it. */
  readonly uploads: number;
  /** Ballots issued = `counted` + `rejected`. */
  readonly issued: number;
  readonly rejected: number;
  /** Votes, NOTA included. */
  readonly counted: number;
  /** None of the above: counted, but it cannot win. */
  readonly nota: number;
  /** By candidate, in the order of the ballot. */
  readonly votes: readonly number[];
}

export function emptyTally(candidates: number): Tally {
  const votes = new Array<number>(candidates).fill(0);
  return { uploads: 0, issued: 0, rejected: 0, counted: 0, nota: 0, votes };
}

/** The votes of an upload by candidate. */
export function votesOf({ votes }: Pick<VotesRow, "votes">): number[] {
  return votes.split(";").map(Number);
}

export function tallyOf(row: VotesRow): Tally {
  const { issued, rejected, total, nota } = row;
  return { uploads: 1, issued, rejected, counted: total, nota, votes: votesOf(row) };
}

/** Associative and commutative: parts of a count may be merged in any order. */
export function mergeTallies(left: Tally, right: Tally): Tally {
  const longer = left.votes.length >= right.votes.length ? left : right;
  const shorter = longer === left ? right : left;
  return {
    uploads: exactSum(left.uploads, right.uploads),
    issued: exactSum(left.issued, right.issued),
    rejected: exactSum(left.rejected, right.rejected),
    counted: exactSum(left.counted, right.counted),
    nota: exactSum(left.nota, right.nota),
    votes: longer.votes.map((votes, at) => exactSum(votes, shorter.votes[at] ?? 0)),
  };
}

/** Votes are whole numbers, and no sum of them may be rounded. */
function exactSum(left: number, right: number): number {
  const sum = left + right;
  assert(Number.isSafeInteger(sum), "votes are added exactly", { left, right });
  return sum;
}
