/**
 * A risk-limiting audit by polling ballots: ballots are drawn by lot and read by people until the
 * reported winner is confirmed, or, when that takes too long, until all are counted by hand. If the
 * reported winner did not win, the audit confirms it nevertheless with a chance of at most `risk`.
 *
 * Source: M. Lindeman, P. B. Stark, V. S. Yates, "BRAVO: Ballot-polling Risk-limiting Audits to
 * Verify Outcomes", EVT/WOTE 2012: section 2 for the test, after A. Wald's sequential test of 1945.
 * Assumes: ballots are drawn with replacement, each with the same chance, and read rightly; the
 * paper trail (in India: slips of the VVPAT) is whole.
 * Guarantees: by Ville's inequality, whatever the true votes of the two candidates of a pair, a
 * loser or a tied candidate is confirmed with a chance of at most `risk`.
 * Cost: about 2 ln(1 / risk) / m^2 ballots for a margin of m (0 to 1) of two candidates.
 */
import { inRange, InputError, wholeInRange } from "../../../basics";

export interface BravoOptions {
  /** The largest chance to confirm a wrong winner, above 0 and below 1. Default 0.05. */
  readonly risk?: number;
  /** After so many ballots all are counted by hand; default: no end. */
  readonly mostBallots?: number;
}

export type BravoState =
  /** Every loser has been ruled out: the reported winner stands. */
  | { readonly kind: "confirmed"; readonly ballots: number }
  /** More ballots are needed. */
  | { readonly kind: "open"; readonly ballots: number }
  /** Too many ballots were drawn without certainty: all have to be counted by hand. */
  | { readonly kind: "fullCount"; readonly ballots: number };

/** Hypotheses "this loser has at least as many votes", each with the evidence against it. */
interface Pair {
  readonly loser: number;
  /** ln of the factors for a ballot of the winner, and of the loser. */
  readonly winnerFactor: number;
  readonly loserFactor: number;
  /** ln of Wald's statistic. */
  evidence: number;
  isRuledOut: boolean;
}

export class BravoAudit {
  /** Place of the reported winner among the candidates. */
  readonly winner: number;
  private readonly pairs: Pair[];
  private readonly needed: number;
  private readonly mostBallots: number;
  private ballots = 0;

  /** `reported`: votes by candidate. Throws InputError for a tie: there is no winner to confirm. */
  constructor(reported: readonly number[], options: BravoOptions = {}) {
    const { risk = 0.05, mostBallots = Infinity } = options;
    checkVotes(reported);
    this.needed = -Math.log(checkRisk(risk));
    this.mostBallots = mostBallots;
    this.winner = winnerOf(reported);
    this.pairs = pairsOf(reported, this.winner);
  }

  /** Hears of one ballot: whose it is, as a place among the candidates; -1: of nobody (NOTA). */
  draw(candidate: number): BravoState {
    if (this.state.kind !== "open") return this.state;
    this.ballots++;
    for (const pair of this.pairs) {
      if (pair.isRuledOut) continue;
      if (candidate === this.winner) pair.evidence += pair.winnerFactor;
      else if (candidate === pair.loser) pair.evidence += pair.loserFactor;
      pair.isRuledOut = pair.evidence >= this.needed;
    }
    return this.state;
  }

  get state(): BravoState {
    const { ballots } = this;
    if (this.pairs.every(({ isRuledOut }) => isRuledOut)) return { kind: "confirmed", ballots };
    return { kind: ballots >= this.mostBallots ? "fullCount" : "open", ballots };
  }
}

/**
 * The expected number of ballots (ASN, average sample number) until the winner is confirmed, if the
 * reported votes are right: the largest over all losers. `ballots`: all that were cast, with those
 * of nobody; default: the sum of the votes. Infinity for a tie.
 *
 * Source: the paper's approximation of the ASN, with half a step for the overshoot at the end.
 */
export function expectedBallots(
  reported: readonly number[],
  { risk = 0.05, ballots }: { readonly risk?: number; readonly ballots?: number } = {},
): number {
  checkVotes(reported);
  checkRisk(risk);
  const cast = ballots ?? reported.reduce((sum, votes) => sum + votes, 0);
  const winner = reported.indexOf(Math.max(...reported));
  const needed = reported.map((votes, loser) => {
    if (loser === winner) return 0;
    return expectedOfPair({ winner: reported[winner] ?? 0, loser: votes, cast }, risk);
  });
  return Math.max(...needed);
}

function expectedOfPair(
  { winner, loser, cast }: { winner: number; loser: number; cast: number },
  risk: number,
): number {
  if (winner === loser) return Infinity;
  const share = winner / (winner + loser);
  const winnerFactor = Math.log(2 * share);
  if (loser === 0) return (cast / winner) * Math.ceil(-Math.log(risk) / winnerFactor);
  const drift = (winner * winnerFactor + loser * Math.log(2 - 2 * share)) / cast;
  return (-Math.log(risk) + winnerFactor / 2) / drift;
}

function pairsOf(reported: readonly number[], winner: number): Pair[] {
  const most = reported[winner] ?? 0;
  return reported.flatMap((votes, loser) => {
    if (loser === winner) return [];
    const share = most / (most + votes);
    const [winnerFactor, loserFactor] = [Math.log(2 * share), Math.log(2 - 2 * share)];
    return [{ loser, winnerFactor, loserFactor, evidence: 0, isRuledOut: false }];
  });
}

function winnerOf(reported: readonly number[]): number {
  const most = Math.max(...reported);
  const winner = reported.indexOf(most);
  if (reported.lastIndexOf(most) === winner) return winner;
  throw new InputError(
    `candidates ${winner} and ${reported.lastIndexOf(most)} are tied at ${most}`,
  );
}

function checkVotes(reported: readonly number[]): void {
  if (reported.length < 2) throw new RangeError("an audit needs two candidates or more");
  for (const votes of reported) {
    wholeInRange("votes", votes, { min: 0, max: Number.MAX_SAFE_INTEGER });
  }
}

function checkRisk(risk: number): number {
  inRange("risk", risk, { min: Number.MIN_VALUE, max: 1 - 1e-9 });
  return risk;
}
