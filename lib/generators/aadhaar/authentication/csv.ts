/** Columns of authentication events as CSV bytes. */
import { states } from "../../india/states";
import { AsciiTexts, fields } from "../../ascii-texts";
import { comma, newline, RowWriter, thenComma } from "../../row-writer";
import { agencies, modalities, noDistance, noScore } from "./columns";
import type { AuthenticationColumns } from "./columns";
import { ErrorCode } from "./model";
import { authenticationDate } from "./rows";

/** No row is longer: twelve fields, the longest the state's name. */
const maxRowBytes = 200;
const names = {
  date: new AsciiTexts([`${authenticationDate}T`]),
  agency: fields(agencies),
  state: fields(states.map((state) => state.name)),
  code: new AsciiTexts(states.map((state) => `${state.code}-`)),
  modality: fields(modalities),
};

/** `first`: the number of the first row within the data set. */
export function authenticationToCsv(columns: AuthenticationColumns, first: number): Uint8Array {
  const writer = RowWriter.borrow(columns.rows * maxRowBytes);
  for (let row = 0; row < columns.rows; row++) writeRow(writer, columns, row, first + row);
  return writer.giveBack();
}

function writeRow(
  writer: RowWriter,
  columns: AuthenticationColumns,
  row: number,
  number: number,
): void {
  writer.copy(names.date, 0);
  writer.clock(columns.timeMs[row]);
  writer.byte(comma);
  writer.byte(116);
  writer.numberAnd(thenComma, number);
  writer.twelveDigits(columns.aadhaar[row]);
  writer.byte(comma);
  writer.copy(names.agency, columns.agency[row]);
  writer.copy(names.state, columns.state[row]);
  writeDevice(writer, columns.state[row], columns.device[row]);
  writer.copy(names.modality, columns.modality[row]);
  writeScores(writer, columns, row);
  writeResult(writer, columns.error[row]);
  writer.number(columns.latencyMs[row]);
  writer.byte(newline);
}

function writeDevice(writer: RowWriter, state: number, device: number): void {
  if (device !== 0) {
    writer.copy(names.code, state);
    if (device < 100_000) writer.digits(device, 5);
    else writer.number(device);
  }
  writer.byte(comma);
}

function writeScores(writer: RowWriter, columns: AuthenticationColumns, row: number): void {
  const score = columns.fingerprintScore[row];
  if (score !== noScore) writer.numberAnd(thenComma, score);
  else writer.byte(comma);
  const thousandths = columns.irisThousandths[row];
  if (thousandths !== noDistance) {
    writer.byte(48);
    writer.byte(46);
    writer.digits(thousandths, 3);
  }
  writer.byte(comma);
}

function writeResult(writer: RowWriter, error: number): void {
  const isYes = error === ErrorCode.none;
  writer.byte(isYes ? 121 : 110);
  writer.byte(comma);
  if (!isYes) writer.number(error);
  writer.byte(comma);
}
