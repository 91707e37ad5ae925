/**
 * The polling stations of an election, as they are known on the evening of the poll: what is to be
 * counted, and how many ballots. Rows stand in the order of the honest uploads.
 */
import { jsonLines } from "../data-set";
import type { DataSet, Spec } from "../data-set";
import { makeVotesBlock, votesBlockCount, votesRowsIn } from "./block";
import { votesRowAt } from "./rows";
import type { VotesRow } from "./rows";

/** A polling station, or station 0: a constituency's postal ballots. */
export interface StationRow {
  readonly constituency: string;
  readonly centre: string;
  readonly station: number;
  readonly machine: string;
  readonly electors: number;
  /** Voters in the register of the day, Form 17A; postal covers received. */
  readonly issued: number;
}

const header = ["constituency", "centre", "station", "machine", "electors", "issued"] as const;

/** The polling stations of the election of that many uploads and that seed. */
export function* stationRows(spec: Spec): Generator<StationRow> {
  for (let block = 0; block < votesBlockCount(spec); block++) yield* blockOf(spec, block);
}

function* blockOf({ rows, seed }: Spec, block: number): Generator<StationRow> {
  const { columns } = makeVotesBlock({ rows, seed }, block);
  for (let row = 0; row < columns.rows; row++) yield stationOf(votesRowAt(columns, row));
}

function stationOf(row: VotesRow): StationRow {
  const { constituency, centre, station, machine, electors, issued } = row;
  return { constituency, centre, station, machine, electors, issued };
}

/** The same as a table for `writeDataSet`; nothing is ever wrong in it. */
export const votesStations: DataSet = {
  name: "votes-stations",
  csvHeader: header.join(",") + "\n",
  columnTypes: () => ({ station: "INTEGER", electors: "INTEGER", issued: "INTEGER" }),
  blockCount: votesBlockCount,
  encode(spec, block, format) {
    const stations = [...blockOf(spec, block)];
    const bytes =
      format === "csv" ? csvOf(stations) : jsonLines(stations.length, (row) => stations[row]);
    return { rows: votesRowsIn(spec, block), bytes, truth: "" };
  },
};

function csvOf(stations: readonly StationRow[]): Uint8Array {
  let text = "";
  for (const station of stations) text += header.map((column) => station[column]).join(",") + "\n";
  return Buffer.from(text);
}
