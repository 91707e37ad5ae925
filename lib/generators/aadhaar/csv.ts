/** Columns of Aadhaar records as CSV bytes. */
import { districts } from "../india/districts";
import { languages } from "../india/names";
import { states } from "../india/states";
import { comma, encodeNames, newline, RowWriter } from "../row-writer";
import { localities } from "./address";
import type { AadhaarColumns } from "./columns";
import { irisBytes } from "./iris";
import { genders } from "./population";

/** No row is longer: 512 of the iris code, 60 of a name and an address, and the fixed ones. */
const maxRowBytes = 800;
const minus = 45;

const names = {
  gender: encodeNames(genders),
  language: encodeNames(languages),
  locality: encodeNames(localities),
  place: encodeNames(districts.map(({ name, state }) => `${name},${states[state].name}`)),
};
/** The two hexadecimal digits of every byte, the first in the low eight bits. */
const hexDigits = Uint16Array.from({ length: 256 }, (_, byte) => {
  const text = byte.toString(16).padStart(2, "0");
  return text.charCodeAt(0) | (text.charCodeAt(1) << 8);
});

export function aadhaarToCsv(columns: AadhaarColumns): Uint8Array {
  const writer = new AadhaarWriter(new Uint8Array(columns.rows * maxRowBytes));
  for (let row = 0; row < columns.rows; row++) writer.row(columns, row);
  return writer.written();
}

class AadhaarWriter extends RowWriter {
  row(columns: AadhaarColumns, row: number): void {
    this.twelveDigits(columns.aadhaar[row]);
    this.text(columns.name[row]);
    this.byte(comma);
    this.name(names.gender[columns.gender[row]]);
    this.date(columns.birthDate[row]);
    this.byte(comma);
    this.name(names.language[columns.language[row]]);
    this.number(columns.house[row]);
    this.byte(32);
    this.name(names.locality[columns.locality[row]]);
    this.name(names.place[columns.district[row]]);
    this.digits(columns.pin[row], 6);
    this.byte(comma);
    this.date(columns.enrolled[row]);
    this.byte(comma);
    this.centre(columns.district[row], columns.centre[row]);
    this.byte(comma);
    this.centre(columns.district[row], columns.centre[row]);
    this.byte(minus);
    this.number(columns.operator[row]);
    this.byte(comma);
    this.iris(columns.iris, row * irisBytes);
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

  private centre(district: number, centre: number): void {
    this.byte(67);
    this.digits(district + 1, 3);
    this.byte(minus);
    this.digits(centre, 3);
  }

  private iris(codes: Uint8Array, from: number): void {
    for (let i = from; i < from + irisBytes; i++) {
      const digits = hexDigits[codes[i]];
      this.bytes[this.at++] = digits;
      this.bytes[this.at++] = digits >>> 8;
    }
  }
}
