/**
 * When a row is loaded anew before it ends, so that its end is no stampede.
 *
 * Source: A. Vattani, F. Chierichetti, K. Lowenstein, "Optimal probabilistic cache stampede
 * prevention", PVLDB 8(8), 2015, figure 3 (XFetch): load when now - delta * beta * ln(random) has
 * reached the end. Ours loads behind the reader's back, which has its answer at once.
 * Guarantees: the gap between the first early load and the end is exponential in the mean, beta
 * times delta times the logarithm of the readers within it, whatever the number of readers.
 */
import type { Entry } from "./records";

/** `random`: in [0, 1). */
export function isEarly(
  { endsAtMs, tookMs }: Pick<Entry, "endsAtMs" | "tookMs">,
  { nowMs, beta, random }: { nowMs: number; beta: number; random: number },
): boolean {
  return nowMs - tookMs * beta * Math.log(1 - random) >= endsAtMs;
}
