import type { Spec } from "../data-set";
import { RowWriter } from "../row-writer";
import { mostCandidates } from "./ballots";
import { makeVotesColumns } from "./columns";
import type { VotesColumns } from "./columns";
import { VotesFaults } from "./faults";
import type { VotesTruth } from "./faults";
import { Election, maxCountedBytes, Upload } from "./upload";

/** Rows of a block; a row is about 160 bytes. The data do not depend on it. */
export const votesBlockRows = 4_096;

const postalMs = 8 * 3_600_000;
const roundMs = 30 * 60_000;

/** The last election asked for: blocks of one data set share it. */
let latest: { readonly key: string; readonly election: Election } | undefined;

export function electionOf(spec: Spec): Election {
  const key = `${spec.rows} ${spec.seed}`;
  if (latest?.key !== key) latest = { key, election: new Election(spec.rows, spec.seed) };
  return latest.election;
}

export function votesBlockCount(spec: Spec): number {
  return Math.ceil(spec.rows / votesBlockRows);
}

export function votesRowsIn(spec: Spec, block: number): number {
  return Math.min(votesBlockRows, spec.rows - block * votesBlockRows);
}

/** Where a block is made: may be used for another one of as many rows. */
export class VotesRoom {
  readonly counted: RowWriter;
  readonly columns: VotesColumns;

  constructor(rows: number) {
    this.counted = new RowWriter(rows * maxCountedBytes);
    const counted = this.counted.bytes;
    this.columns = makeVotesColumns(rows, { votes: mostCandidates, counted });
  }
}

/** Block `block` (0 to count - 1), and what was planted in it, in the order of rows. */
export function makeVotesBlock(
  spec: Spec,
  block: number,
  { columns, counted } = new VotesRoom(votesRowsIn(spec, block)),
): { columns: VotesColumns; truth: VotesTruth[] } {
  const first = block * votesBlockRows;
  counted.at = 0;
  const election = electionOf(spec);
  const faults = spec.faults ? new VotesFaults(spec, election) : undefined;
  const upload = new Upload(columns.votes, counted);
  const truth: VotesTruth[] = [];
  for (let at = 0; at < columns.rows; at++) {
    const row = first + at;
    if (faults === undefined) election.fill(row, upload);
    else truth.push(...faults.fill(row, upload));
    copyToColumns(columns, at, upload);
    upload.advance();
    columns.votesFrom[at + 1] = upload.firstVote;
    columns.countedFrom[at + 1] = upload.countedFrom;
    columns.timeMs[at] = timeOf(election, row);
    columns.receivedMs[at] = columns.timeMs[at] + upload.delayMs;
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
  columns.issued[at] = upload.issued;
  columns.rejected[at] = upload.rejected;
  columns.machine[at] = upload.machine + 1;
  columns.form17c[at] = upload.form17c;
  columns.total[at] = upload.total;
  columns.nota[at] = upload.nota;
  columns.checksum[at] = upload.checksum;
}
