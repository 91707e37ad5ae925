/**
 * OM(m) under every behaviour of the traitors, played one by one with the real nodes; or counted,
 * where there are too many to play.
 *
 * Source: Lamport, Shostak, Pease 1982, section 2 (three generals) and theorem 1.
 */
import { wholeInRange } from "../../../basics";
import type { NodeId } from "../../../protocol";
import { waysOf } from "../generals";
import type { GeneralOptions, Order } from "../generals";
import { OralGeneral } from "../oral";
import type { OralMessage } from "../oral";
import { oralOutcomes } from "../outcomes";
import { OralTraitor } from "../traitors";
import type { OralLie } from "../traitors";
import { endRound, namesOf, startAll } from "./rounds";
import type { RoundNode } from "./rounds";
import { brokenCondition } from "./verdict";
import type { Decided } from "./verdict";

export interface OralExperiment {
  readonly generals: number;
  /** How many of them are traitors. */
  readonly traitors: number;
  /** m of OM(m); default: the number of traitors. */
  readonly rounds?: number;
}

/** One run that breaks a condition. */
export interface OralCounterexample {
  readonly traitors: readonly NodeId[];
  /** What a loyal commander orders; a traitor's order is among the lies. */
  readonly order: Order;
  readonly lies: readonly OralLie[];
  readonly decisions: readonly Decided[];
  readonly broken: string;
}

export interface OralExploration {
  readonly kind: "holds" | "fails";
  /** All behaviours of all sets of traitors, lieutenants taken as alike; a number of 53 bits. */
  readonly behaviours: number;
  /** Different outcomes among them. */
  readonly outcomes: number;
  readonly broken: number;
  /** "played": each with the real nodes; "counted": see `oralOutcomes`. */
  readonly how: "played" | "counted";
  /** The first one; only of what was played. */
  readonly counterexample: OralCounterexample | undefined;
}

/** Behaviours that are played; more are counted. */
const mostPlayed = 1 << 14;

/** Throws a RangeError for 1 or more than 10 generals, no traitor, or nobody loyal. */
export function exploreOral(experiment: OralExperiment): OralExploration {
  const cases = casesOf(experiment);
  const behaviours = cases.reduce(
    (sum, each) => sum + each.orders.length * 2 ** each.slots.length,
    0,
  );
  return behaviours <= mostPlayed ? playAll(cases, behaviours) : countAll(cases, behaviours);
}

/** A set of traitors, and what they may lie about. */
interface Case {
  readonly names: readonly NodeId[];
  readonly rounds: number;
  readonly traitors: readonly NodeId[];
  /** Of a loyal commander both; a traitor's own order does not matter. */
  readonly orders: readonly Order[];
  readonly slots: readonly Omit<OralLie, "says">[];
}

/** Lieutenants are alike: only two sets of traitors differ, with the commander and without. */
function casesOf({ generals, traitors, rounds = traitors }: OralExperiment): Case[] {
  wholeInRange("generals", generals, { min: 2, max: 10 });
  wholeInRange("traitors", traitors, { min: 1, max: generals - 1 });
  wholeInRange("rounds", rounds, { min: 0, max: Math.min(3, generals - 2) });
  const names = namesOf(generals);
  const last = names.slice(1).reverse();
  return [["n1", ...last.slice(0, traitors - 1)], last.slice(0, traitors)].map((set) => {
    const orders = set.includes("n1") ? (["attack"] as const) : (["attack", "retreat"] as const);
    return { names, rounds, traitors: set, orders, slots: slotsOf(names, set, rounds) };
  });
}

/** Every word that a traitor has for a loyal general. */
function slotsOf(names: readonly NodeId[], traitors: readonly NodeId[], rounds: number) {
  const lengths = Array.from({ length: rounds + 1 }, (_, i) => i + 1);
  const ways = lengths.flatMap((length) => waysOf(names, "n1", length));
  return ways
    .filter((way) => traitors.includes(way[way.length - 1]))
    .flatMap((way) => {
      const loyal = names.filter((to) => !way.includes(to) && !traitors.includes(to));
      return loyal.map((to) => ({ way, to }));
    });
}

function playAll(cases: readonly Case[], behaviours: number): OralExploration {
  const outcomes = new Set<string>();
  let broken = 0;
  let counterexample: OralCounterexample | undefined;
  for (const each of cases) {
    for (const order of each.orders) {
      for (let bits = 0; bits < 2 ** each.slots.length; bits++) {
        const lies = liesOf(each, bits);
        const run = playOral({ ...each, order, lies });
        outcomes.add(JSON.stringify([each.traitors, order, run.decisions]));
        if (run.broken === undefined) continue;
        broken++;
        counterexample ??= { ...run, traitors: each.traitors, order, lies, broken: run.broken };
      }
    }
  }
  const kind = broken === 0 ? "holds" : "fails";
  return { kind, behaviours, outcomes: outcomes.size, broken, how: "played", counterexample };
}

function liesOf({ slots }: Case, bits: number): OralLie[] {
  return slots.map((slot, i) => {
    return { ...slot, says: Math.floor(bits / 2 ** i) % 2 === 1 ? "attack" : "retreat" };
  });
}

export interface OralPlay {
  readonly names: readonly NodeId[];
  readonly rounds: number;
  readonly traitors: readonly NodeId[];
  readonly order: Order;
  readonly lies: readonly OralLie[];
}

/** One behaviour, with the real nodes; `messages` counts all that were sent. */
export function playOral({ names, rounds, traitors, order, lies }: OralPlay): {
  readonly decisions: readonly Decided[];
  readonly broken: string | undefined;
  readonly messages: number;
} {
  const options: Partial<GeneralOptions> = { order, traitors: rounds };
  const nodes = names.map((id): RoundNode<OralMessage> => {
    const peers = names.filter((peer) => peer !== id);
    if (!traitors.includes(id)) return new OralGeneral(id, peers, options);
    return new OralTraitor(id, peers, { ...options, lies: lies.filter(isBy(id)) });
  });
  let sent = startAll(nodes);
  let messages = sent.length;
  for (let round = 0; round <= rounds; round++) {
    sent = endRound(nodes, sent);
    messages += sent.length;
  }
  const decisions = (nodes as OralGeneral[])
    .filter(({ id }) => id !== "n1" && !traitors.includes(id))
    .map(({ id, decision }) => ({ id, decision }));
  const loyalOrder = traitors.includes("n1") ? undefined : order;
  return { decisions, broken: brokenCondition(decisions, loyalOrder), messages };
}

function isBy(id: NodeId): (lie: OralLie) => boolean {
  return ({ way }) => way[way.length - 1] === id;
}

function countAll(cases: readonly Case[], behaviours: number): OralExploration {
  let [found, broken] = [0, 0];
  for (const { names, rounds, traitors, orders } of cases) {
    const isCommanderLoyal = !traitors.includes("n1");
    const traitorLieutenants = traitors.length - (isCommanderLoyal ? 0 : 1);
    for (const order of orders) {
      const kind = { generals: names.length, rounds, isCommanderLoyal, traitorLieutenants, order };
      const outcomes = oralOutcomes(kind);
      found += outcomes.length;
      broken += outcomes.filter((outcome) => {
        const decided = outcome.map((decision, i) => ({ id: `n${i + 2}`, decision }));
        return brokenCondition(decided, isCommanderLoyal ? order : undefined) !== undefined;
      }).length;
    }
  }
  const kind = broken === 0 ? "holds" : "fails";
  const how = "counted";
  return { kind, behaviours, outcomes: found, broken, how, counterexample: undefined };
}
