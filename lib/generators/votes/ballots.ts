/** Who stands where, and what the voters of each constituency think of them. */
import { Random } from "../../basics";
import { states } from "../india/states";
import { drawLanguage, drawName } from "../aadhaar/population";
import { constituencies } from "./constituencies";
import { independent, nationalParties, regionalParties } from "./parties";
import type { Party } from "./parties";

export interface Candidate {
  /** Place on the ballot, from 1. */
  readonly serial: number;
  readonly name: string;
  readonly party: string;
}

export interface Ballot {
  /** Index into `constituencies`. */
  readonly constituency: number;
  readonly candidates: readonly Candidate[];
  /** Mean shares of the votes by serial, and NOTA last; they add up to 1. */
  readonly shares: readonly number[];
  /** Mean share of electors who vote. */
  readonly turnout: number;
}

/** Candidates of a seat, an assumption: log-normal around 12, rounded, within these bounds. */
export const fewestCandidates = 4;
export const mostCandidates = 24;
export const candidatesMedian = 12;
export const candidatesSigma = 0.35;
/** Standard deviation of a seat's turnout around its state's; an assumption. */
export const seatTurnoutSpread = 0.04;
/** The median share of NOTA ("none of the above"); reports of 2019 say 1.04 to 1.06 % of votes. */
export const notaMedian = 0.0106;

/** Streams of random numbers of the seats lie behind those of the machines. */
const seatStream = 2_000_000_000;
const womenShare = 0.1;

/** The ballot of every constituency, in the order of `constituencies`. */
export function makeBallots(seed: number): Ballot[] {
  return constituencies.map((_, index) => makeBallot(seed, index));
}

function makeBallot(seed: number, constituency: number): Ballot {
  const random = new Random(seed, seatStream + constituency);
  const { state } = constituencies[constituency];
  const count = drawCount(random);
  const parties = [regionalParties[state], ...nationalParties].slice(0, count);
  while (parties.length < count) parties.push(independent);
  const order = random.shuffle(parties);
  const weights = order.map((party) => drawAppeal(party, random));
  const nota = notaMedian * Math.exp(0.4 * random.normal());
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return {
    constituency,
    candidates: order.map((party, index) => ({
      serial: index + 1,
      name: drawName(drawLanguage(state, random), random.chance(womenShare) ? 1 : 0, random),
      party: party.name,
    })),
    shares: [...weights.map((weight) => (weight / total) * (1 - nota)), nota],
    turnout: clamp(states[state].turnout + seatTurnoutSpread * random.normal(), 0.2, 0.92),
  };
}

function drawCount(random: Random): number {
  const drawn = Math.round(random.logNormal(candidatesMedian, candidatesSigma));
  return clamp(drawn, fewestCandidates, mostCandidates);
}

function drawAppeal(party: Party, random: Random): number {
  return random.logNormal(party.strength, party === independent ? 0.9 : 0.45);
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

/** The candidates as CSV: the table that the uploads refer to. */
export function candidatesCsv(seed: number): string {
  let text = "constituency,constituency_name,state,reservation,serial,candidate,party\n";
  for (const { constituency, candidates } of makeBallots(seed)) {
    const { code, name, state, reservation } = constituencies[constituency];
    for (const candidate of candidates) {
      const seat = `${code},${name},${states[state].name},${reservation}`;
      text += `${seat},${candidate.serial},${candidate.name},${candidate.party}\n`;
    }
  }
  return text;
}
