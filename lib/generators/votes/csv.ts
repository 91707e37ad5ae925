/** Columns of uploads as CSV bytes. */
import { states } from "../india/states";
import { comma, encodeNames, newline, RowWriter } from "../row-writer";
import { mostCandidates } from "./ballots";
import type { VotesColumns } from "./columns";
import { constituencies } from "./constituencies";
import { countingDate } from "./rows";
import { writeCounted } from "./upload";

/** No row is longer: the votes of the longest ballot, and 14 fields. */
const maxRowBytes = 200 + 8 * mostCandidates;
const minus = 45;
const names = {
  date: new Uint8Array(Buffer.from(`${countingDate}T`)),
  kind: encodeNames(["postal,", "evm,"]),
  seat: encodeNames(constituencies.map(({ code, state }) => `${states[state].name},${code},`)),
  code: encodeNames(constituencies.map(({ code }) => code)),
};

export function votesToCsv(columns: VotesColumns): Uint8Array {
  const writer = new VotesWriter(new Uint8Array(columns.rows * maxRowBytes));
  for (let row = 0; row < columns.rows; row++) writer.row(columns, row);
  return writer.written();
}

class VotesWriter extends RowWriter {
  row(columns: VotesColumns, row: number): void {
    this.byte(117);
    this.field(columns.upload[row]);
    this.copy(names.date);
    this.clock(columns.timeMs[row]);
    this.byte(comma);
    this.copy(names.kind[columns.round[row] === 0 ? 0 : 1]);
    this.field(columns.round[row]);
    this.place(columns.constituency[row], columns.centre[row]);
    this.field(columns.station[row]);
    this.field(columns.electors[row]);
    this.count(columns, row);
    this.byte(comma);
    this.hex(columns.checksum[row]);
    this.byte(newline);
  }

  private field(value: number): void {
    this.number(value);
    this.byte(comma);
  }

  private place(constituency: number, centre: number): void {
    this.copy(names.seat[constituency]);
    if (centre !== 0) {
      this.copy(names.code[constituency]);
      this.byte(minus);
      this.number(centre);
    }
    this.byte(comma);
  }

  private count(columns: VotesColumns, row: number): void {
    const firstVote = columns.votesFrom[row];
    writeCounted(this, {
      machine: columns.machine[row] - 1,
      form17c: columns.form17c[row],
      total: columns.total[row],
      nota: columns.nota[row],
      candidates: columns.votesFrom[row + 1] - firstVote,
      firstVote,
      votes: columns.votes,
    });
  }

  private hex(value: number): void {
    for (let shift = 28; shift >= 0; shift -= 4) {
      const digit = (value >>> shift) & 15;
      this.byte(digit < 10 ? 48 + digit : 87 + digit);
    }
  }
}
