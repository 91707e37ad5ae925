/**
 * Three generals, one of them a traitor, one exchange of oral messages: no rule by which the two
 * lieutenants might decide is safe, not only the majority. Every pair of rules is tried.
 *
 * Source: Lamport, Shostak, Pease 1982, section 2: the impossibility, here by exhaustion.
 */
import { defaultOrder } from "../generals";
import type { Order } from "../generals";

const orders: readonly Order[] = ["attack", "retreat"];

/** What to do when the commander said one thing and the other lieutenant says he said another. */
export type Rule = (commander: Order, other: Order) => Order;

export interface ThreeGenerals {
  /** Pairs of rules: 16 for each lieutenant. */
  readonly pairs: number;
  /** Pairs that no traitor can break. */
  readonly safe: number;
  /** How the majority rule of OM(1) is broken. */
  readonly majorityBreaks: string;
}

/** Every pair of deterministic rules against every behaviour of every single traitor. */
export function tryThreeGenerals(): ThreeGenerals {
  const rules = Array.from({ length: 16 }, (_, number) => ruleOf(number));
  const pairs = rules.flatMap((left) => rules.map((right) => [left, right] as const));
  const safe = pairs.filter(([left, right]) => breakOf(left, right) === undefined).length;
  const most: Rule = (said, told) => (said === told ? said : defaultOrder);
  return { pairs: pairs.length, safe, majorityBreaks: breakOf(most, most) ?? "" };
}

/** Bit 2a + b of the number says what to do at the words a and b. */
function ruleOf(number: number): Rule {
  return (commander, other) =>
    orders[(number >> (2 * orders.indexOf(commander) + orders.indexOf(other))) & 1];
}

/** A traitor's behaviour that breaks a condition, in words. */
function breakOf(left: Rule, right: Rule): string | undefined {
  for (const one of orders) {
    for (const two of orders) {
      const [first, second] = [left(one, two), right(two, one)];
      if (first !== second) {
        return `the commander says ${one} to n2 and ${two} to n3: n2 does ${first}, n3 ${second}`;
      }
      if (left(one, two) !== one) {
        return `n1 orders ${one}, the traitor n3 tells n2 it was ${two}: n2 does ${first}`;
      }
      if (right(one, two) !== one) {
        return `n1 orders ${one}, the traitor n2 tells n3 it was ${two}: n3 does ${right(one, two)}`;
      }
    }
  }
  return undefined;
}
