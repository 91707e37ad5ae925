import type { Spec } from "../data-set";
import { mostCandidates } from "./ballots";
import { makeVotesColumns } from "./columns";
import type { VotesColumns } from "./columns";
import { VotesFaults } from "./faults";
import type { VotesTruth } from "./faults";
import { Election, maxCountedBytes, Upload } from "./upload";

/** Rows of a block; a row is about 130 bytes. The data do not depend on it. */
export const votesBlockRows = 16_384;

const postalMs = 8 * 3_600_000;
const roundMs = 30 * 60_000;

/** The last election asked for: blocks of one data set share it. */
let latest: { readonly key: string; readonly election: Election } | undefined;

function electionOf(spec: Spec): Election {
  const key = `${spec.rows} ${spec.seed}`;
  if (latest?.key !== key) latest = { key, election: new Election(spec.rows, spec.seed) };
  return latest.election;
}

export function votesBlockCount(spec: Spec): number {
  return Math.ceil(spec.rows / votesBlockRows);
}

/** Block `block` (0 to count - 1), and what was planted in it, in the order of rows. */
export function makeVotesBlock(
  spec: Spec,
  block: number,
): { columns: VotesColumns; truth: VotesTruth[] } {
  const first = block * votesBlockRows;
  const rows = Math.min(votesBlockRows, spec.rows - first);
  const columns = makeVotesColumns(rows, { votes: mostCandidates, bytes: maxCountedBytes });
  const election = electionOf(spec);
  const faults = spec.faults ? new VotesFaults(spec, election) : undefined;
  const upload = new Upload();
  const truth: VotesTruth[] = [];
  for (let at = 0; at < rows; at++) {
    const row = first + at;
    if (faults === undefined) election.fill(row, upload);
    else truth.push(...faults.fill(row, upload));
    copyToColumns(columns, at, upload);
    columns.timeMs[at] = timeOf(election, row);
  }
  return { columns, truth };
}

/** Postal ballots from 8:00, then half an hour a round. */
function timeOf(election: Election, row: number): number {
  const round = election.schedule.roundAt(row);
  return postalMs + roundMs * (round + election.schedule.progress(row, round));
}

function copyToColumns(columns: VotesColumns, at: number, upload: Upload): void {
  columns.upload[at] = upload.upload;
  columns.round[at] = upload.round;
  columns.constituency[at] = upload.constituency;
  columns.centre[at] = upload.centre;
  columns.station[at] = upload.station + 1;
  columns.electors[at] = upload.electors;
  columns.machine[at] = upload.machine + 1;
  columns.form17c[at] = upload.form17c;
  columns.total[at] = upload.total;
  columns.nota[at] = upload.nota;
  columns.checksum[at] = upload.checksum;
  const from = columns.votesFrom[at];
  for (let i = 0; i < upload.candidates; i++) columns.votes[from + i] = upload.votes[i];
  columns.votesFrom[at + 1] = from + upload.candidates;
  const { bytes, at: length } = upload.counted;
  const start = columns.countedFrom[at];
  for (let i = 0; i < length; i++) columns.counted[start + i] = bytes[i];
  columns.countedFrom[at + 1] = start + length;
}
