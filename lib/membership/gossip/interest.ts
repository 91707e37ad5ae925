/**
 * When a site that spreads a rumour loses interest: the variants of rumour mongering as one pure
 * function, for the protocol and for the tables of the paper alike.
 *
 * Source: A. Demers et al., "Epidemic Algorithms for Replicated Database Maintenance", PODC 1987,
 * section 1.4 and its tables 1 to 3. A contact is judged by what the other knew when the cycle
 * began; with the counter, a useful contact sets it back to zero, as the figures of table 1 need.
 */
import { oneOf, wholeInRange } from "../../basics";

/**
 * "counter": interest is lost after `k` cycles without a useful contact; "coin": with chance 1 / k
 * after each of them; "never": the rumour stays hot.
 */
export type InterestLoss = "counter" | "coin" | "never";

export interface InterestOptions {
  /** "feedback": only contacts that knew already count; "blind": every contact does. */
  readonly feedback: "feedback" | "blind";
  readonly loss: InterestLoss;
  /** 1 or more; larger is more traffic and less residue. */
  readonly k: number;
}

/** Throws a RangeError that names what is wrong. */
export function checkInterest({ feedback, loss, k }: InterestOptions): void {
  oneOf("feedback", feedback, ["feedback", "blind"]);
  oneOf("loss", loss, ["counter", "coin", "never"]);
  wholeInRange("k", k, { min: 1, max: 1_000_000 });
}

/** Contacts of one cycle in which the rumour was told. */
export interface Contacts {
  /** The other did not know. */
  useful: number;
  /** The other knew. */
  useless: number;
}

/** The counter of a rumour that is not hot any more. */
export const cold = -1;

/** The counter after a cycle with these contacts; `cold` when interest is lost. */
export function counterAfter(
  counter: number,
  { useful, useless }: Contacts,
  { options, random }: { options: InterestOptions; random: () => number },
): number {
  if (counter === cold || useful + useless === 0 || options.loss === "never") return counter;
  if (options.feedback === "feedback" && useful > 0) return 0;
  if (options.loss === "coin") return random() < 1 / options.k ? cold : counter;
  return counter + 1 >= options.k ? cold : counter + 1;
}
