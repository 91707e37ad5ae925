/**
 * The count as a job of MapReduce: uploads, stations and candidates meet at their constituency, a
 * join on the side of the reduce; there all uploads of a station are seen together, so that one
 * that came twice counts once.
 */
import { defineJob } from "../../../batch/map-reduce/job"; // workers load nothing else of it
import type { Candidate, StationRow } from "../../../generators/votes";
import { kindOf, parseCandidate, parseStation, parseUpload } from "./lines";
import { SeatSheet } from "./seat-sheet";
import { countSeat } from "./seat-count";
import type { SeatCount } from "./seat-count";
import { tableFlaw } from "./table-flaw";
import type { TableFlaw } from "./table-flaw";

/** `flaw`: what makes the seat worth nothing. */
export interface CountedSeat {
  readonly seat: SeatCount;
  readonly flaw: TableFlaw | undefined;
}

export const countJob = defineJob<string, CountedSeat>({
  name: "count of an election",
  input: "csv",
  map(record, emit) {
    const { line } = record;
    kindOf(line);
    emit(record.text("constituency"), line);
  },
  reduce(constituency, lines, count) {
    const sheet = new SeatSheet();
    const stations: StationRow[] = [];
    const candidates: Candidate[] = [];
    for (const line of lines) {
      const kind = kindOf(line);
      if (kind === "upload") sheet.add(parseUpload(line));
      else if (kind === "station") stations.push(parseStation(line));
      else candidates.push(parseCandidate(line));
    }
    candidates.sort((a, b) => a.serial - b.serial);
    const tables = { constituency, candidates, stations };
    const seat = countSeat(sheet, tables);
    count("uploadsCounted", seat.tally.uploads);
    return { seat, flaw: tableFlaw(tables, sheet.stationNumbers().length > 0) };
  },
  module: { file: __filename, exportName: "countJob" },
});
