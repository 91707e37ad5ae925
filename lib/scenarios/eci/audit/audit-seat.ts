/** An audit of one seat over the ballots of its machines, drawn by a seed that all may know. */
import { assert, InputError, Random } from "../../../basics";
import { BravoAudit, expectedBallots } from "./bravo";
import type { BravoOptions, BravoState } from "./bravo";

/** What the slips of one machine say, by candidate; NOTA apart. */
export interface PaperTrail {
  readonly machine: string;
  readonly votes: readonly number[];
  readonly nota: number;
}

export interface SeatAudit {
  readonly state: BravoState;
  /** Place of the reported winner among the candidates. */
  readonly winner: number;
  /** If the report is right: ASN. */
  readonly expected: number;
  /** Ballots drawn by candidate, and of NOTA last. */
  readonly drawn: readonly number[];
  /** The first draws: which slip of which machine, from 1. */
  readonly first: readonly { readonly machine: string; readonly slip: number }[];
}

/** So many draws are told. */
const mostTold = 10;

/**
 * Draws ballots until the reported winner is confirmed, or until as many were drawn as there are:
 * then a full count takes over. `reported`: votes by candidate. The same seed draws the same slips;
 * in an election it is made in public, by dice, after the result was published.
 */
export function auditSeat(
  reported: readonly number[],
  trail: readonly PaperTrail[],
  options: BravoOptions & { readonly seed: number },
): SeatAudit {
  const ballots = new Ballots(trail, reported.length);
  const audit = new BravoAudit(reported, { mostBallots: ballots.size, ...options });
  const random = new Random(options.seed, 150);
  const drawn = new Array<number>(reported.length + 1).fill(0);
  const first: { machine: string; slip: number }[] = [];
  let { state } = audit;
  while (state.kind === "open") {
    const place = random.below(ballots.size);
    const candidate = ballots.at(place);
    if (first.length < mostTold) first.push(ballots.slipAt(place));
    drawn[candidate === -1 ? reported.length : candidate]++;
    state = audit.draw(candidate);
  }
  const expected = expectedBallots(reported, { risk: options.risk, ballots: ballots.size });
  return { state, winner: audit.winner, expected, drawn, first };
}

/** All slips one after the other: machine by machine, candidate by candidate. */
class Ballots {
  readonly size: number;
  /** Where each candidate's slips of each machine end. */
  private readonly ends: Float64Array;
  private readonly columns: number;

  constructor(
    private readonly trail: readonly PaperTrail[],
    candidates: number,
  ) {
    this.columns = candidates + 1;
    this.ends = new Float64Array(trail.length * this.columns);
    let end = 0;
    trail.forEach(({ machine, votes, nota }, i) => {
      if (votes.length !== candidates) {
        throw new InputError(`${machine} has ${votes.length} candidates, the report ${candidates}`);
      }
      [...votes, nota].forEach((count, j) => (this.ends[i * this.columns + j] = end += count));
    });
    this.size = end;
    if (end === 0) throw new InputError("there are no ballots to draw from");
  }

  /** Whose slip is at this place; -1: NOTA. */
  at(place: number): number {
    const column = this.cellOf(place) % this.columns;
    return column === this.columns - 1 ? -1 : column;
  }

  slipAt(place: number): { machine: string; slip: number } {
    const row = Math.floor(this.cellOf(place) / this.columns);
    const start = row === 0 ? 0 : (this.ends[row * this.columns - 1] as number);
    return { machine: (this.trail[row] as PaperTrail).machine, slip: place - start + 1 };
  }

  /** The first cell that ends after the place. */
  private cellOf(place: number): number {
    assert(place >= 0 && place < this.size, "no such slip", { place, size: this.size });
    let [low, high] = [0, this.ends.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.ends[middle] as number) > place) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
