/** Columns of authentication events as CSV bytes. */
import { states } from "../../india/states";
import { comma, encodeNames, newline, RowWriter } from "../../row-writer";
import { agencies, modalities, noDistance, noScore } from "./columns";
import type { AuthenticationColumns } from "./columns";
import { ErrorCode } from "./model";
import { authenticationDate } from "./rows";

/** No row is longer: twelve fields, the longest the state's name. */
const maxRowBytes = 200;
const names = {
  date: new Uint8Array(Buffer.from(`${authenticationDate}T`)),
  agency: encodeNames(agencies),
  state: encodeNames(states.map((state) => state.name)),
  code: encodeNames(states.map((state) => `${state.code}-`)),
  modality: encodeNames(modalities),
};

/** `first`: the number of the first row within the data set. */
export function authenticationToCsv(columns: AuthenticationColumns, first: number): Uint8Array {
  const writer = new AuthenticationWriter(new Uint8Array(columns.rows * maxRowBytes));
  for (let row = 0; row < columns.rows; row++) writer.row(columns, row, first + row);
  return writer.written();
}

class AuthenticationWriter extends RowWriter {
  row(columns: AuthenticationColumns, row: number, number: number): void {
    this.copy(names.date);
    this.clock(columns.timeMs[row]);
    this.byte(comma);
    this.byte(116);
    this.number(number);
    this.byte(comma);
    this.twelveDigits(columns.aadhaar[row]);
    this.name(names.agency[columns.agency[row]]);
    this.name(names.state[columns.state[row]]);
    this.device(columns.state[row], columns.device[row]);
    this.name(names.modality[columns.modality[row]]);
    this.scores(columns, row);
    this.result(columns.error[row]);
    this.number(columns.latencyMs[row]);
    this.byte(newline);
  }

  private name(bytes: Uint8Array): void {
    this.copy(bytes);
    this.byte(comma);
  }

  private twelveDigits(value: number): void {
    const high = Math.floor(value / 1_000_000);
    this.digits(high, 6);
    this.digits(value - high * 1_000_000, 6);
    this.byte(comma);
  }

  private device(state: number, device: number): void {
    if (device !== 0) {
      this.copy(names.code[state]);
      if (device < 100_000) this.digits(device, 5);
      else this.number(device);
    }
    this.byte(comma);
  }

  private scores(columns: AuthenticationColumns, row: number): void {
    const score = columns.fingerprintScore[row];
    if (score !== noScore) this.number(score);
    this.byte(comma);
    const thousandths = columns.irisThousandths[row];
    if (thousandths !== noDistance) {
      this.byte(48);
      this.byte(46);
      this.digits(thousandths, 3);
    }
    this.byte(comma);
  }

  private result(error: number): void {
    const isYes = error === ErrorCode.none;
    this.byte(isYes ? 121 : 110);
    this.byte(comma);
    if (!isYes) this.number(error);
    this.byte(comma);
  }
}
