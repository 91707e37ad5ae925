import { jsonLines, truthLines } from "../data-set";
import type { DataSet } from "../data-set";
import { candidatesCsv } from "./ballots";
import { makeVotesBlock, votesBlockCount, votesRowsIn, VotesRoom } from "./block";
import { votesHeader } from "./columns";
import { votesToCsv } from "./csv";
import { votesRowAt } from "./rows";

/** Columns do not leave `encode`, so that one room does for all blocks: new memory is slow. */
let latestRoom: VotesRoom | undefined;

function roomFor(rows: number): VotesRoom {
  if (latestRoom?.columns.rows !== rows) latestRoom = new VotesRoom(rows);
  return latestRoom;
}

export const votes: DataSet = {
  name: "votes",
  csvHeader: votesHeader.join(",") + "\n",
  columnTypes: () => ({
    time: "TIMESTAMP",
    received: "TIMESTAMP",
    round: "SMALLINT",
    station: "INTEGER",
    electors: "INTEGER",
    issued: "INTEGER",
    rejected: "INTEGER",
    form_17c: "INTEGER",
    total: "INTEGER",
    nota: "INTEGER",
  }),
  sideTables: ({ seed }) => ({ "candidates.csv": candidatesCsv(seed) }),
  blockCount: votesBlockCount,
  encode(spec, block, format) {
    const { columns, truth } = makeVotesBlock(spec, block, roomFor(votesRowsIn(spec, block)));
    const bytes =
      format === "csv"
        ? votesToCsv(columns)
        : jsonLines(columns.rows, (row) => votesRowAt(columns, row));
    return { rows: columns.rows, bytes, truth: truthLines(truth) };
  },
};
