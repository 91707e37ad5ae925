/** The nation put together from its constituencies: seats and votes by party, state by state. */
import { states } from "../../../generators/india/states";
import { constituencies } from "../../../generators/votes";
import type { SeatResult } from "./seat-result";

export interface PartyRow {
  readonly party: string;
  /** Elected. */
  readonly seats: number;
  /** Ahead where nobody is elected yet. */
  readonly leads: number;
  readonly votes: number;
  /** Of all votes, NOTA included; 0 to 1. */
  readonly share: number;
}

export interface Nation {
  /** Most seats first, then most votes. */
  readonly parties: readonly PartyRow[];
  readonly seats: number;
  /** Seats that make a majority of all. */
  readonly majority: number;
  /** With a majority of seats that are certain. */
  readonly winner: string | undefined;
  /** Not decided yet. */
  readonly open: number;
  readonly electors: number;
  readonly counted: number;
  readonly rejected: number;
  readonly nota: number;
  /** Votes by electors, 0 to 1. */
  readonly turnout: number;
  /** Of the seats that are decided by lot. */
  readonly lots: number;
}

/** Independents are no party: they have a row, but no majority. */
const independent = "Independent";

/** `seatsOfHouse`: for the majority; default all of `results`. */
export function nationOf(
  results: readonly SeatResult[],
  { seatsOfHouse = results.length }: { seatsOfHouse?: number } = {},
): Nation {
  const rows = new Map<string, { seats: number; leads: number; votes: number }>();
  const rowOf = (party: string): { seats: number; leads: number; votes: number } => {
    const row = rows.get(party) ?? { seats: 0, leads: 0, votes: 0 };
    rows.set(party, row);
    return row;
  };
  for (const { decision, candidates, votes } of results) {
    candidates.forEach(({ party }, at) => (rowOf(party).votes += votes[at] ?? 0));
    if (decision.kind === "level") continue;
    const { party } = candidates[decision.serial - 1];
    if (decision.kind === "elected") rowOf(party).seats++;
    else rowOf(party).leads++;
  }
  const sums = sumsOf(results);
  const majority = Math.floor(seatsOfHouse / 2) + 1;
  const parties = [...rows]
    .map(([party, row]) => ({ party, ...row, share: ratio(row.votes, sums.counted) }))
    .sort((a, b) => b.seats - a.seats || b.votes - a.votes || (a.party < b.party ? -1 : 1));
  const winner = parties.find(({ party, seats }) => party !== independent && seats >= majority);
  return {
    ...{ parties, seats: seatsOfHouse, majority, winner: winner?.party, ...sums },
    open: results.filter(({ decision }) => decision.kind !== "elected").length,
    turnout: ratio(sums.counted, sums.electors),
    lots: results.filter(({ decision }) => decision.kind === "elected" && decision.lot).length,
  };
}

function sumsOf(
  results: readonly SeatResult[],
): Pick<Nation, "electors" | "counted" | "rejected" | "nota"> {
  const sums = { electors: 0, counted: 0, rejected: 0, nota: 0 };
  for (const { electors, counted, rejected, nota } of results) {
    sums.electors += electors;
    sums.counted += counted;
    sums.rejected += rejected;
    sums.nota += nota;
  }
  return sums;
}

export interface StateRow {
  /** Two letters. */
  readonly code: string;
  readonly state: string;
  readonly seats: number;
  /** With most seats there, of those that are certain; "" while none is. */
  readonly party: string;
  readonly partySeats: number;
  readonly turnout: number;
}

/** Every state that has results, in the order of the list of states. */
export function stateRows(results: readonly SeatResult[]): StateRow[] {
  const stateOf = new Map(constituencies.map(({ code, state }) => [code, state]));
  return states.flatMap(({ code, name }, index) => {
    const own = results.filter(({ constituency }) => stateOf.get(constituency) === index);
    if (own.length === 0) return [];
    const { parties, seats, turnout } = nationOf(own);
    const first = parties[0].seats > 0 ? parties[0] : { party: "", seats: 0 };
    return [{ code, state: name, seats, party: first.party, partySeats: first.seats, turnout }];
  });
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
