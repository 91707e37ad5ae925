/** Lines of the files of an election as rows. */
import { votesHeader } from "../../../generators/votes/columns";
import type { Candidate, StationRow, VotesRow } from "../../../generators/votes";

const text = "[^,]*";
/** At most ten digits: more than there are people, and no sum of them is ever rounded. */
const whole = "\\d{1,10}";
const uploadFields: readonly string[] = [
  ...["u\\d+", text, text, "(?:evm|postal)", whole, text, "[^,]+", text, whole],
  ...[whole, whole, whole, text, whole, whole, whole, `${whole}(?:;${whole})*`, "[0-9a-f]{8}"],
];
const uploadLine = new RegExp(`^${uploadFields.join(",")}$`);
const stationLine = new RegExp(`^[^,]+,${text},${whole},${text},${whole},${whole}$`);
const candidateLine = new RegExp(`^[^,]+,${text},${text},${text},${whole},${text},${text}$`);

export type LineKind = "upload" | "station" | "candidate";

/** Throws an Error for a line that is none of them. */
export function kindOf(line: string): LineKind {
  if (uploadLine.test(line)) return "upload";
  if (stationLine.test(line)) return "station";
  if (candidateLine.test(line)) return "candidate";
  throw new Error("the line is no upload, no station and no candidate");
}

/** The header lines of the three files. */
export const headers: Readonly<Record<LineKind, string>> = {
  upload: votesHeader.join(","),
  station: "constituency,centre,station,machine,electors,issued",
  candidate: "constituency,constituency_name,state,reservation,serial,candidate,party",
};

export function parseUpload(line: string): VotesRow {
  const [upload, time, received, kind, round, state, constituency, centre, station, ...rest] =
    line.split(",");
  const [electors, issued, rejected, machine, form17c, total, nota, votes, checksum] = rest;
  return {
    ...{ upload, time, received, kind, round: Number(round), state, constituency, centre },
    ...{ station: Number(station), electors: Number(electors), issued: Number(issued) },
    ...{ rejected: Number(rejected), machine, form_17c: Number(form17c), total: Number(total) },
    ...{ nota: Number(nota), votes, checksum },
  };
}

export function parseStation(line: string): StationRow {
  const [constituency, centre, station, machine, electors, issued] = line.split(",");
  const [number, persons, ballots] = [Number(station), Number(electors), Number(issued)];
  return { constituency, centre, station: number, machine, electors: persons, issued: ballots };
}

export function parseCandidate(line: string): Candidate {
  const [, , , , serial, name, party] = line.split(",");
  return { serial: Number(serial), name, party };
}
