/** When a constituency is counted again, from the votes themselves. */
import { isHarmless } from "../count/findings";
import type { SeatCount } from "../count/seat-count";
import { decideSeat } from "../results/decide-seat";

export interface RecountRules {
  /**
   * A margin of at most so many votes is recounted. Default: the postal covers that were void, as
   * the Election Commission has them looked at again where they could have changed the result
   * (from memory of its instructions).
   */
  readonly marginVotes?: number;
}

/** "fault": `findings` leave votes uncounted. "margin": it is at most `bound`. */
export type RecountReason =
  | { readonly kind: "fault"; readonly findings: number }
  | { readonly kind: "margin"; readonly margin: number; readonly bound: number };

/** Empty: the count stands. Duplicates are dropped by the count and no reason. */
export function recountReasons(seat: SeatCount, rules: RecountRules = {}): RecountReason[] {
  const reasons: RecountReason[] = [];
  const findings = seat.findings.filter((finding) => !isHarmless(finding)).length;
  if (findings > 0) reasons.push({ kind: "fault", findings });
  if (seat.candidates.length < 2) return reasons;
  const decision = decideSeat({ ...seat, votes: seat.tally.votes });
  const margin = decision.kind === "level" ? 0 : decision.margin;
  const bound = rules.marginVotes ?? voidCovers(seat);
  if (margin <= bound) reasons.push({ kind: "margin", margin, bound });
  return reasons;
}

function voidCovers({ rounds }: SeatCount): number {
  return rounds.find(({ round }) => round === 0)?.soFar.rejected ?? 0;
}
