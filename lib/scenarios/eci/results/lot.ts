/**
 * The lot between candidates with equally many votes: seeded, so that anybody can draw it again,
 * and recorded, so that nobody decides silently.
 *
 * Source: Representation of the People Act 1951, section 65: where an equality of votes is found
 * and one vote more would elect any of those candidates, the returning officer decides between them
 * by lot, forthwith, as if the one on whom it falls had received an additional vote. Section 102 is
 * the same for a tie that is found in the trial of an election petition.
 */
import { Random } from "../../../basics";

export interface LotRecord {
  /** Serials of those between whom it was drawn, in the order of the ballot. */
  readonly between: readonly number[];
  /** With how many votes each; the one who is drawn is as if there were one more. */
  readonly votes: number;
  readonly seed: number;
  /** Serial of the one on whom it fell. */
  readonly drawn: number;
}

/** `constituency`: each has a lot of its own. `seed`: told before the count, a whole number. */
export function drawLot(
  between: readonly number[],
  { votes, seed, constituency }: { votes: number; seed: number; constituency: string },
): LotRecord {
  const ordered = [...between].sort((a, b) => a - b);
  let stream = 0;
  for (const letter of constituency) stream = (stream * 31 + letter.charCodeAt(0)) >>> 0;
  return { between: ordered, votes, seed, drawn: new Random(seed, stream).pick(ordered) };
}
