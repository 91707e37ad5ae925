/**
 * Who is elected in a constituency, as far as the votes tell: the candidate with most votes, as
 * soon as those still outstanding cannot overturn the lead. NOTA is counted and cannot win.
 *
 * Source: Representation of the People Act 1951, section 65 (ties), section 53 (2) (one candidate);
 * NOTA: PUCL v. Union of India, Supreme Court 2013, where it has no effect on who is elected.
 * Assumes: no more votes can come than ballots were issued at the stations that do not stand yet.
 * Guarantees: an elected candidate stays elected whatever the outstanding votes are.
 */
import { drawLot } from "./lot";
import type { LotRecord } from "./lot";

/** The votes of a seat, of a count or of a recount. */
export interface SeatVotes {
  readonly constituency: string;
  /** By candidate, in the order of the ballot, without NOTA. */
  readonly votes: readonly number[];
  /** So many votes may still come. */
  readonly outstanding: number;
}

/** "elected": certain. "leading": ahead, not yet certain. "level": several have most votes. */
export type SeatDecision =
  | {
      readonly kind: "elected";
      /** Place on the ballot, from 1. */
      readonly serial: number;
      readonly votes: number;
      /** Votes before the next; 0 by lot; all of them where nobody else stands. */
      readonly margin: number;
      /** Where it was decided by lot. */
      readonly lot?: LotRecord;
    }
  | {
      readonly kind: "leading";
      readonly serial: number;
      readonly votes: number;
      readonly margin: number;
    }
  | { readonly kind: "level"; readonly serials: readonly number[]; readonly votes: number };

/** `lotSeed`: for ties when nothing is outstanding; without it they stay "level". */
export function decideSeat(seat: SeatVotes, { lotSeed }: { lotSeed?: number } = {}): SeatDecision {
  const { constituency, votes, outstanding } = seat;
  if (votes.length === 0) throw new RangeError(`nobody stands in ${constituency}`);
  const most = votes.reduce((a, b) => Math.max(a, b));
  const serials = votes.flatMap((one, at) => (one === most ? [at + 1] : []));
  if (serials.length > 1) {
    if (outstanding > 0 || lotSeed === undefined) return { kind: "level", serials, votes: most };
    const lot = drawLot(serials, { votes: most, seed: lotSeed, constituency });
    return { kind: "elected", serial: lot.drawn, votes: most, margin: 0, lot };
  }
  const [serial] = serials;
  const next = votes.reduce((a, b, at) => (at + 1 === serial ? a : Math.max(a, b)), 0);
  const margin = most - next;
  const isCertain = votes.length === 1 || margin > outstanding;
  return { kind: isCertain ? "elected" : "leading", serial, votes: most, margin };
}
