/**
 * What traitors can bring about in OM(m), counted over all their behaviours without playing each:
 * the calls of the recursion are independent of each other, so that the outcomes of a call are the
 * majorities of what its parts can come to.
 *
 * Source: Lamport, Shostak, Pease 1982, section 3, the recursion of OM(m), read as an equation of
 * sets; ours does not use the paper's lemmas, and so can confirm them.
 * Assumes: traitors know each other and all messages.
 * Guarantees: exactly the outcomes that some behaviour has; tests compare them with every behaviour
 * played, at small size.
 * Cost: for L loyal lieutenants at most n^L tallies a call; 7 generals take about 1 ms.
 */
import { wholeInRange } from "../../basics";
import type { Order } from "./generals";
import { defaultOrder } from "./generals";

/** What each loyal lieutenant does. */
export type Outcome = readonly Order[];

export interface OralCase {
  /** 2 to 10. */
  readonly generals: number;
  /** m of OM(m); 0 to 3. */
  readonly rounds: number;
  readonly isCommanderLoyal: boolean;
  readonly traitorLieutenants: number;
  /** Of a loyal commander; default "attack". */
  readonly order?: Order;
}

/** Loyal lieutenants by their bit; a call's outcome is the set of those that attack. */
type Attackers = number;

interface Call {
  readonly depth: number;
  /** The bits of the loyal who hear of it. */
  readonly loyal: readonly number[];
  readonly traitors: number;
}

/** Each outcome that traitors can bring about. Throws a RangeError for a number out of range. */
export function oralOutcomes(given: OralCase): readonly Outcome[] {
  const generals = wholeInRange("generals", given.generals, { min: 2, max: 10 });
  const depth = wholeInRange("rounds", given.rounds, { min: 0, max: 3 });
  const { isCommanderLoyal, order = "attack" } = given;
  const traitors = wholeInRange("traitorLieutenants", given.traitorLieutenants, {
    min: 0,
    max: generals - 1,
  });
  const loyal = Array.from({ length: generals - 1 - traitors }, (_, bit) => bit);
  const call = { depth, loyal, traitors };
  const found = isCommanderLoyal ? loyalCall(call, order === "attack") : traitorCall(call);
  return [...found].map((attackers) =>
    loyal.map((bit) => (hasBit(attackers, bit) ? "attack" : defaultOrder)),
  );
}

function hasBit(set: number, bit: number): boolean {
  return (set & (1 << bit)) !== 0;
}

/** A loyal general tells all the same. */
function loyalCall(call: Call, isAttack: boolean): Set<Attackers> {
  const all = call.loyal.reduce((set, bit) => set | (1 << bit), 0);
  return outcomesOf(call, isAttack ? all : 0);
}

/** A traitor tells each loyal one what it likes. */
function traitorCall(call: Call): Set<Attackers> {
  const found = new Set<Attackers>();
  for (const told of subsetsOf(call.loyal)) {
    for (const outcome of outcomesOf(call, told)) found.add(outcome);
  }
  return found;
}

function subsetsOf(bits: readonly number[]): number[] {
  return bits.reduce<number[]>((sets, bit) => sets.flatMap((set) => [set, set | (1 << bit)]), [0]);
}

/** `told`: who was told to attack. Then each lieutenant is the commander of a smaller call. */
function outcomesOf({ depth, loyal, traitors }: Call, told: Attackers): Set<Attackers> {
  if (depth === 0) return new Set([told]);
  let tallies = new Map<string, number[]>();
  const first = loyal.map((bit) => (hasBit(told, bit) ? 1 : 0));
  tallies.set(first.join(), first);
  for (const speaker of loyal) {
    const rest = { depth: depth - 1, loyal: loyal.filter((bit) => bit !== speaker), traitors };
    tallies = added(tallies, loyal, loyalCall(rest, hasBit(told, speaker)));
  }
  const lies =
    traitors > 0 ? traitorCall({ depth: depth - 1, loyal, traitors: traitors - 1 }) : null;
  for (let i = 0; i < traitors; i++) tallies = added(tallies, loyal, lies as Set<Attackers>);
  const voters = loyal.length + traitors;
  const decide = (tally: readonly number[]): Attackers =>
    loyal.reduce((set, bit, i) => (tally[i] * 2 > voters ? set | (1 << bit) : set), 0);
  return new Set([...tallies.values()].map(decide));
}

/** Every tally with every outcome of one more call; who hears nothing of it gets no vote. */
function added(
  tallies: ReadonlyMap<string, number[]>,
  loyal: readonly number[],
  outcomes: ReadonlySet<Attackers>,
): Map<string, number[]> {
  const sums = new Map<string, number[]>();
  for (const tally of tallies.values()) {
    for (const outcome of outcomes) {
      const sum = tally.map((votes, i) => votes + (hasBit(outcome, loyal[i]) ? 1 : 0));
      sums.set(sum.join(), sum);
    }
  }
  return sums;
}
