/** A constituency counted: what stands, by round and by centre, what is missing, what is wrong. */
import type { Candidate, StationRow, VotesRow } from "../../../generators/votes";
import type { Finding } from "./findings";
import { nameLyingCentres } from "./lying-centres";
import type { SeatSheet } from "./seat-sheet";
import { settleStation } from "./settle-station";
import { emptyTally, mergeTallies, tallyOf } from "./tally";
import type { Tally } from "./tally";

/** A round as it is announced: with all rounds before it. */
export interface RoundTally {
  /** 0 for the postal ballots. */
  readonly round: number;
  /** Of this round and all before. */
  readonly soFar: Tally;
}

export interface CentreTally {
  readonly centre: string;
  /** Stations whose machines it counts. */
  readonly stations: number;
  /** Of them those that stand: their uploads are `tally.uploads`. */
  readonly tally: Tally;
}

export interface SeatCount {
  readonly constituency: string;
  /** Who stand, in the order of the ballot. */
  readonly candidates: readonly Candidate[];
  /** Stations, and the postal ballots as one. */
  readonly stations: number;
  /** Persons who may vote. */
  readonly electors: number;
  /** Ballots issued at all stations. */
  readonly issued: number;
  readonly tally: Tally;
  readonly rounds: readonly RoundTally[];
  readonly centres: readonly CentreTally[];
  /** Ballots issued at stations of which no upload stands: so many votes may still come. */
  readonly outstanding: number;
  readonly findings: readonly Finding[];
}

export interface SeatTables {
  readonly constituency: string;
  readonly candidates: readonly Candidate[];
  readonly stations: readonly StationRow[];
}

/** Counts what is on the sheet against what is known of the poll. */
export function countSeat(sheet: SeatSheet, tables: SeatTables): SeatCount {
  const { standing, findings } = settleSeat(sheet, tables);
  const { constituency, candidates, stations } = tables;
  const none = emptyTally(candidates.length);
  const stands = new Set(standing.map(({ station }) => station));
  const open = stations.filter(({ station }) => !stands.has(station));
  return {
    ...{ constituency, candidates, stations: stations.length },
    electors: stations.reduce((sum, { electors }) => sum + electors, 0),
    issued: stations.reduce((sum, { issued }) => sum + issued, 0),
    tally: sumOf(standing, none),
    rounds: roundsOf(standing, none),
    centres: centresOf(standing, stations, none),
    outstanding: open.reduce((sum, { issued }) => sum + issued, 0),
    findings,
  };
}

function settleSeat(
  sheet: SeatSheet,
  { candidates, stations }: SeatTables,
): { standing: VotesRow[]; findings: Finding[] } {
  const known = new Map(stations.map((station) => [station.station, station]));
  const standing: VotesRow[] = [];
  const findings: Finding[] = [];
  const rows: VotesRow[] = [];
  for (const number of sheet.stationNumbers()) {
    const entries = sheet.of(number);
    const station = known.get(number);
    const settled = settleStation(entries, { station, candidates: candidates.length });
    if (settled.standing !== undefined) standing.push(settled.standing);
    findings.push(...settled.findings);
    for (const { row } of entries) rows.push(row);
  }
  const missing = stations.filter(({ station }) => sheet.of(station).length === 0);
  return {
    standing,
    findings: [...nameLyingCentres(findings, rows), ...missing.map(missingStation)],
  };
}

function missingStation({ constituency, centre, station, machine, issued }: StationRow): Finding {
  const [kind, upload, figures] = ["missing-station", "", { issued }] as const;
  return { kind, constituency, centre, station, machine, upload, figures };
}

function sumOf(rows: readonly VotesRow[], none: Tally): Tally {
  return rows.map(tallyOf).reduce(mergeTallies, none);
}

function roundsOf(rows: readonly VotesRow[], none: Tally): RoundTally[] {
  let soFar = none;
  return [...byName(rows, ({ round }) => round)]
    .sort(([a], [b]) => a - b)
    .map(([round, own]) => ({ round, soFar: (soFar = mergeTallies(soFar, sumOf(own, none))) }));
}

function centresOf(
  rows: readonly VotesRow[],
  stations: readonly StationRow[],
  none: Tally,
): CentreTally[] {
  const own = byName(rows, ({ centre }) => centre);
  return [...byName(stations, ({ centre }) => centre)]
    .filter(([centre]) => centre !== "")
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([centre, { length }]) => {
      return { centre, stations: length, tally: sumOf(own.get(centre) ?? [], none) };
    });
}

function byName<T, Name>(items: readonly T[], nameOf: (item: T) => Name): Map<Name, T[]> {
  const groups = new Map<Name, T[]>();
  for (const item of items) {
    const name = nameOf(item);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [item]);
    else group.push(item);
  }
  return groups;
}
