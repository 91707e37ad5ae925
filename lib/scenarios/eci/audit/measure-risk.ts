/** A simulation: how often audits confirm a winner, right or wrong, and after how many ballots. */
import { Random, wholeInRange } from "../../../basics";
import { BravoAudit } from "./bravo";

export interface MeasuredRisk {
  readonly audits: number;
  /** How many confirmed the reported winner. */
  readonly confirmed: number;
  /** Mean ballots of those. */
  readonly meanBallots: number;
}

/**
 * `reported` and `actual`: votes by candidate; ballots are drawn from the actual ones, and an audit
 * that needs more than `mostBallots` (default: all that there are) gives way to a full count.
 */
export function measureRisk(
  votes: { readonly reported: readonly number[]; readonly actual: readonly number[] },
  options: {
    readonly risk: number;
    readonly audits: number;
    readonly seed: number;
    readonly mostBallots?: number;
  },
): MeasuredRisk {
  const { risk, audits, seed } = options;
  wholeInRange("audits", audits, { min: 1, max: 1e7 });
  const sums: number[] = [];
  for (const count of votes.actual) sums.push((sums[sums.length - 1] ?? 0) + count);
  const total = sums[sums.length - 1] ?? 0;
  const random = new Random(seed, 151);
  const { mostBallots = total } = options;
  let [confirmed, ballots] = [0, 0];
  for (let i = 0; i < audits; i++) {
    const audit = new BravoAudit(votes.reported, { risk, mostBallots });
    let { state } = audit;
    while (state.kind === "open") {
      const place = random.next() * total;
      state = audit.draw(sums.findIndex((sum) => place < sum));
    }
    if (state.kind !== "confirmed") continue;
    confirmed++;
    ballots += state.ballots;
  }
  return { audits, confirmed, meanBallots: confirmed === 0 ? 0 : ballots / confirmed };
}
