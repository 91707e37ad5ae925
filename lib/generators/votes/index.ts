/** Synthetic uploads of voting machines on a counting day. Parties and candidates are invented. */
import type { Spec } from "../data-set";
import { makeVotesBlock, votesBlockCount } from "./block";
import type { VotesColumns } from "./columns";
import type { VotesTruth } from "./faults";
import { votesRowAt } from "./rows";
import type { VotesRow } from "./rows";

export { candidatesCsv, makeBallots } from "./ballots";
export type { Ballot, Candidate } from "./ballots";
export { votesHeader } from "./columns";
export type { VotesColumns } from "./columns";
export { constituencies } from "./constituencies";
export type { Constituency } from "./constituencies";
export { votes } from "./data-set";
export { votesFaults } from "./faults";
export type { VotesTruth } from "./faults";
export { countingDate } from "./rows";
export type { VotesRow } from "./rows";
export { centresPerConstituency, countingRounds, Schedule } from "./schedule";
export { stationRows } from "./stations";
export type { StationRow } from "./stations";
export { uploadChecksum } from "./upload-checksum";
export { electionFiles, writeElection } from "./write-election";
export type { ElectionFiles, WriteElectionOptions } from "./write-election";

/** The uploads one by one, in the order in which they arrive. */
export function* votesRows(spec: Spec): Generator<VotesRow> {
  for (const columns of votesColumns(spec)) {
    for (let row = 0; row < columns.rows; row++) yield votesRowAt(columns, row);
  }
}

/** The uploads as typed columns, a block of at most 16,384 rows at a time. */
export function* votesColumns(spec: Spec): Generator<VotesColumns> {
  for (let block = 0; block < votesBlockCount(spec); block++) {
    yield makeVotesBlock(spec, block).columns;
  }
}

/** The planted faults, in the order of rows: the ground truth. */
export function* votesTruth(spec: Spec): Generator<VotesTruth> {
  for (let block = 0; block < votesBlockCount(spec); block++) {
    for (const planted of makeVotesBlock(spec, block).truth) yield planted;
  }
}
