/** The result of a constituency: whose it is, by which count, and what is to be recounted. */
import type { Candidate } from "../../../generators/votes";
import type { SeatCount } from "../count/seat-count";
import { recountReasons } from "../recount/recount-rules";
import type { RecountReason, RecountRules } from "../recount/recount-rules";
import type { Recount } from "../recount/recount";
import { decideSeat } from "./decide-seat";
import type { SeatDecision } from "./decide-seat";

export interface SeatResult {
  readonly constituency: string;
  readonly candidates: readonly Candidate[];
  /** By candidate, in the order of the ballot: of the recount where there was one. */
  readonly votes: readonly number[];
  readonly nota: number;
  readonly counted: number;
  readonly rejected: number;
  readonly electors: number;
  /** Votes that may still come; 0 after a recount. */
  readonly outstanding: number;
  readonly decision: SeatDecision;
  /** Why it was or should be recounted; empty: the count stands. */
  readonly reasons: readonly RecountReason[];
  readonly recount: Recount | undefined;
}

export interface SeatResultOptions extends RecountRules {
  /** For ties, drawn by lot when every vote is counted. Default 1. */
  readonly lotSeed?: number;
}

/** `again`: the recount, where there was one. */
export function seatResult(
  seat: SeatCount,
  again: Recount | undefined,
  options: SeatResultOptions = {},
): SeatResult {
  const { constituency, candidates, electors, tally } = seat;
  const { votes, nota, counted } = again ?? tally;
  const outstanding = again === undefined ? seat.outstanding : 0;
  const { lotSeed = 1 } = options;
  return {
    ...{ constituency, candidates, votes, nota, counted, electors, outstanding },
    rejected: again === undefined ? tally.rejected : seat.issued - counted,
    decision: decideSeat({ constituency, votes, outstanding }, { lotSeed }),
    reasons: recountReasons(seat, options),
    recount: again,
  };
}
