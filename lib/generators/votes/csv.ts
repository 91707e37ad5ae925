/** Columns of uploads as CSV bytes. */
import { states } from "../india/states";
import { AsciiTexts } from "../ascii-texts";
import { comma, newline, RowWriter, thenComma } from "../row-writer";
import type { VotesColumns } from "./columns";
import { constituencies } from "./constituencies";
import { countingDate } from "./rows";
import { maxCountedBytes } from "./upload";

/** No row is longer: what is counted, and thirteen fields. */
const maxRowBytes = 220 + maxCountedBytes;
const minus = 45;
const names = {
  date: new AsciiTexts([`${countingDate}T`]),
  kind: new AsciiTexts(["postal,", "evm,"]),
  seat: new AsciiTexts(constituencies.map(({ code, state }) => `${states[state].name},${code},`)),
  code: new AsciiTexts(constituencies.map(({ code }) => code)),
};

export function votesToCsv(columns: VotesColumns): Uint8Array {
  const writer = RowWriter.borrow(columns.rows * maxRowBytes);
  const counted = new DataView(columns.counted.buffer);
  for (let row = 0; row < columns.rows; row++) {
    writeHead(writer, columns, row);
    writer.copyRange(counted, columns.countedFrom[row], columns.countedFrom[row + 1]);
    writer.byte(comma);
    writer.eightHexDigits(columns.checksum[row]);
    writer.byte(newline);
  }
  return writer.giveBack();
}

/** The fields before those that are counted. */
function writeHead(writer: RowWriter, columns: VotesColumns, row: number): void {
  writer.byte(117);
  writer.numberAnd(thenComma, columns.upload[row]);
  writeTime(writer, columns.timeMs[row]);
  writeTime(writer, columns.receivedMs[row]);
  writer.copy(names.kind, columns.round[row] === 0 ? 0 : 1);
  writer.numberAnd(thenComma, columns.round[row]);
  writePlace(writer, columns.constituency[row], columns.centre[row]);
  writer.numberAnd(thenComma, columns.station[row]);
  writer.numberAnd(thenComma, columns.electors[row]);
  writer.numberAnd(thenComma, columns.issued[row]);
  writer.numberAnd(thenComma, columns.rejected[row]);
}

function writeTime(writer: RowWriter, ms: number): void {
  writer.copy(names.date, 0);
  writer.clock(ms);
  writer.byte(comma);
}

function writePlace(writer: RowWriter, constituency: number, centre: number): void {
  writer.copy(names.seat, constituency);
  if (centre !== 0) {
    writer.copy(names.code, constituency);
    writer.byte(minus);
    writer.numberAnd(thenComma, centre);
  } else writer.byte(comma);
}
