/**
 * SM(m) under every behaviour of the traitors, round by round: in each round they may send each
 * loyal general, of either order, any message that their signatures and those they have seen allow.
 *
 * Source: Lamport, Shostak, Pease 1982, section 4 and theorem 2.
 */
import { wholeInRange } from "../../../basics";
import type { NodeId } from "../../../protocol";
import type { Order } from "../generals";
import { SignedGeneral } from "../signed";
import type { SignedMessage } from "../signed";
import { signed } from "../signatures";
import { endRound, namesOf, startAll } from "./rounds";
import type { Sent } from "./rounds";
import { brokenCondition } from "./verdict";
import type { Decided } from "./verdict";

export interface SignedExperiment {
  /** 3 to 5. */
  readonly generals: number;
  /** How many of them are traitors. */
  readonly traitors: number;
  /** m of SM(m); default: the number of traitors. */
  readonly rounds?: number;
}

export interface SignedCounterexample {
  readonly traitors: readonly NodeId[];
  readonly order: Order;
  /** What the traitors send, by round from 0. */
  readonly sends: readonly (readonly Sent<SignedMessage>[])[];
  readonly decisions: readonly Decided[];
  readonly broken: string;
}

export interface SignedExploration {
  readonly kind: "holds" | "fails";
  /** Choices of the traitors that were played, over all rounds. */
  readonly choices: number;
  /** Ends that differ in what anybody knows. */
  readonly ends: number;
  /** Ends that break a condition. */
  readonly broken: number;
  readonly counterexample: SignedCounterexample | undefined;
}

interface State {
  readonly loyal: readonly SignedGeneral[];
  readonly arriving: readonly Sent<SignedMessage>[];
  /** What the traitors have: messages that they heard. */
  readonly heard: readonly SignedMessage[];
  readonly sends: readonly (readonly Sent<SignedMessage>[])[];
}

/** Throws a RangeError for a number out of range. */
export function exploreSigned(experiment: SignedExperiment): SignedExploration {
  const { traitors, rounds = traitors } = experiment;
  const generals = wholeInRange("generals", experiment.generals, { min: 3, max: 5 });
  wholeInRange("traitors", traitors, { min: 1, max: generals - 1 });
  wholeInRange("rounds", rounds, { min: 1, max: 3 });
  const names = namesOf(generals);
  const last = names.slice(1).reverse();
  const count = { choices: 0, ends: 0, broken: 0 };
  let counterexample: SignedCounterexample | undefined;
  for (const set of [["n1", ...last.slice(0, traitors - 1)], last.slice(0, traitors)]) {
    for (const order of ["attack", "retreat"] as const) {
      if (set.includes("n1") && order === "retreat") continue;
      for (const { loyal, sends } of endsOf({ names, rounds, traitors: set, order }, count)) {
        count.ends++;
        const lieutenants = loyal.filter(({ id }) => id !== "n1");
        const decisions = lieutenants.map(({ id, decision }) => ({ id, decision }));
        const wrong = brokenCondition(decisions, set.includes("n1") ? undefined : order);
        if (wrong === undefined) continue;
        count.broken++;
        counterexample ??= { traitors: set, order, sends, decisions, broken: wrong };
      }
    }
  }
  return { kind: count.broken === 0 ? "holds" : "fails", ...count, counterexample };
}

interface Case {
  readonly names: readonly NodeId[];
  readonly rounds: number;
  readonly traitors: readonly NodeId[];
  readonly order: Order;
}

/** The states in which the loyal can end. */
function endsOf(given: Case, count: { choices: number }): State[] {
  const { names, rounds, traitors, order } = given;
  const loyal = names
    .filter((id) => !traitors.includes(id))
    .map((id) => {
      const peers = names.filter((peer) => peer !== id);
      return new SignedGeneral(id, peers, { order, traitors: rounds });
    });
  let states: State[] = [{ loyal, arriving: startAll(loyal), heard: [], sends: [] }];
  for (let round = 0; round <= rounds; round++) {
    const next = new Map<string, State>();
    for (const state of states) {
      for (const after of nextOf(state, round, traitors)) {
        count.choices++;
        next.set(textOf(after), after);
      }
    }
    states = [...next.values()];
  }
  return states;
}

/** States that differ only in what the traitors did to get there go on alike. */
function textOf({ loyal, arriving, heard }: State): string {
  const known = loyal.map(({ orders, decision }) => [[...orders.keys()].sort(), decision]);
  const ways = arriving.map(({ to, message }) => [to, message.order, message.way].join());
  const had = heard.map(({ order, way }) => [order, way].join());
  return JSON.stringify([known, ways.sort(), had.sort()]);
}

/** Every choice of the traitors in one round. What they hear in it they can use in the next. */
function* nextOf(state: State, round: number, traitors: readonly NodeId[]): Generator<State> {
  const toTraitors = state.arriving.filter(({ to }) => traitors.includes(to));
  const heard = [...state.heard, ...toTraitors.map(({ message }) => message)];
  for (const sends of choicesOf(state, round, traitors)) {
    const loyal = structuredCopy(state.loyal);
    const arriving = endRound(loyal, [...state.arriving, ...sends]);
    yield { loyal, arriving, heard, sends: [...state.sends, sends] };
  }
}

function structuredCopy(loyal: readonly SignedGeneral[]): SignedGeneral[] {
  return loyal.map((general) => {
    const copy = Object.create(SignedGeneral.prototype) as SignedGeneral;
    return Object.assign(copy, structuredClone({ ...general }));
  });
}

/** Of each order, to each loyal general: nothing, or one of the messages that can be made. */
function choicesOf(state: State, round: number, traitors: readonly NodeId[]) {
  const makeable = makeableOf(state.heard, round, traitors);
  let choices: Sent<SignedMessage>[][] = [[]];
  for (const { id: to } of state.loyal) {
    for (const order of ["attack", "retreat"] as const) {
      const useful = makeable.filter((each) => each.order === order && !each.way.includes(to));
      choices = choices.flatMap((before) => [
        before,
        ...useful.map((message) => {
          return [...before, { from: message.way[round], to, message }];
        }),
      ]);
    }
  }
  return choices;
}

/** All messages with round + 1 signatures that end with those of traitors. */
function makeableOf(
  heard: readonly SignedMessage[],
  round: number,
  traitors: readonly NodeId[],
): SignedMessage[] {
  const blank = (["attack", "retreat"] as const).map((order): SignedMessage => {
    return { type: "signedOrder", order, way: [], signatures: [] };
  });
  const starts = traitors.includes("n1") ? [...blank, ...heard] : heard;
  const found = new Map<string, SignedMessage>();
  for (const start of starts) {
    for (const message of continued(start, round + 1, traitors)) {
      found.set(`${message.order} ${message.way.join(" ")}`, message);
    }
  }
  return [...found.values()];
}

/** The message signed by traitors, one after the other, until it has so many signatures. */
function continued(
  message: SignedMessage,
  length: number,
  traitors: readonly NodeId[],
): SignedMessage[] {
  const { order, way, signatures } = message;
  if (way.length === length) return traitors.includes(way[length - 1]) ? [message] : [];
  if (way.length > length) return [];
  const signers = traitors.filter((id) => !way.includes(id) && (way.length > 0 || id === "n1"));
  return signers.flatMap((id) => {
    const longer = [...way, id];
    const more = signed(order, longer, signatures);
    return continued(
      { type: "signedOrder", order, way: longer, signatures: more },
      length,
      traitors,
    );
  });
}
