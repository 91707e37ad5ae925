/**
 * Between what a share may lie that was seen in so many tries.
 *
 * Source: E. Wilson, "Probable inference, the law of succession, and statistical inference"
 * (JASA 22, 1927): right also where none or all were seen.
 */
import { wholeInRange } from "../../basics";

/** Of a normal distribution, 95 in 100 lie so many spreads from the middle at most. */
const spreads = 1.959964;

/** In 95 of 100 cases the true share is between the two, 0 to 1. */
export function shareInterval(seen: number, tries: number): [low: number, high: number] {
  wholeInRange("tries", tries, { min: 1, max: Number.MAX_SAFE_INTEGER });
  wholeInRange("seen", seen, { min: 0, max: tries });
  const share = seen / tries;
  const square = spreads ** 2 / tries;
  const middle = (share + square / 2) / (1 + square);
  const reach = Math.sqrt(square * (share * (1 - share) + square / 4)) / (1 + square);
  return [Math.max(0, middle - reach), Math.min(1, middle + reach)];
}
