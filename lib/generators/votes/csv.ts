/** Columns of uploads as CSV bytes. */
import { states } from "../india/states";
import { comma, encodeNames, newline, RowWriter } from "../row-writer";
import type { VotesColumns } from "./columns";
import { constituencies } from "./constituencies";
import { countingDate } from "./rows";
import { maxCountedBytes } from "./upload";

/** No row is longer: what is counted, and ten fields. */
const maxRowBytes = 160 + maxCountedBytes;
const minus = 45;
const names = {
  date: encodeNames([`${countingDate}T`])[0],
  kind: encodeNames(["postal,", "evm,"]),
  seat: encodeNames(constituencies.map(({ code, state }) => `${states[state].name},${code},`)),
  code: encodeNames(constituencies.map(({ code }) => code)),
};

export function votesToCsv(columns: VotesColumns): Uint8Array {
  const writer = new RowWriter(columns.rows * maxRowBytes);
  for (let row = 0; row < columns.rows; row++) writeRow(writer, columns, row);
  return writer.written();
}

function writeRow(writer: RowWriter, columns: VotesColumns, row: number): void {
  writer.byte(117);
  writeField(writer, columns.upload[row]);
  writer.copy(names.date);
  writer.clock(columns.timeMs[row]);
  writer.byte(comma);
  writer.copy(names.kind[columns.round[row] === 0 ? 0 : 1]);
  writeField(writer, columns.round[row]);
  writePlace(writer, columns.constituency[row], columns.centre[row]);
  writeField(writer, columns.station[row]);
  writeField(writer, columns.electors[row]);
  writer.copyRange(columns.counted, columns.countedFrom[row], columns.countedFrom[row + 1]);
  writer.byte(comma);
  writeHex(writer, columns.checksum[row]);
  writer.byte(newline);
}

function writeField(writer: RowWriter, value: number): void {
  writer.number(value);
  writer.byte(comma);
}

function writePlace(writer: RowWriter, constituency: number, centre: number): void {
  writer.copy(names.seat[constituency]);
  if (centre !== 0) {
    writer.copy(names.code[constituency]);
    writer.byte(minus);
    writer.number(centre);
  }
  writer.byte(comma);
}

function writeHex(writer: RowWriter, value: number): void {
  for (let shift = 28; shift >= 0; shift -= 4) {
    const digit = (value >>> shift) & 15;
    writer.byte(digit < 10 ? 48 + digit : 87 + digit);
  }
}
