/** Columns of Aadhaar records as CSV bytes. */
import { districts } from "../india/districts";
import { languages } from "../india/names";
import { states } from "../india/states";
import { comma, encodeNames, newline, RowWriter, withComma } from "../row-writer";
import { localities } from "./address";
import type { AadhaarColumns } from "./columns";
import { irisBytes } from "./iris";
import { genders } from "./population";

/** No row is longer: 512 of the iris code, 60 of a name and an address, and the fixed ones. */
const maxRowBytes = 800;
const minus = 45;

const names = {
  gender: withComma(genders),
  language: withComma(languages),
  locality: withComma(localities),
  place: encodeNames(districts.map(({ name, state }) => `${name},${states[state].name},`)),
};
/** The two hexadecimal digits of every byte, the first in the low eight bits. */
const hexDigits = Uint16Array.from({ length: 256 }, (_, byte) => {
  const text = byte.toString(16).padStart(2, "0");
  return text.charCodeAt(0) | (text.charCodeAt(1) << 8);
});

export function aadhaarToCsv(columns: AadhaarColumns): Uint8Array {
  const writer = new RowWriter(columns.rows * maxRowBytes);
  for (let row = 0; row < columns.rows; row++) writeRow(writer, columns, row);
  return writer.written();
}

function writeRow(writer: RowWriter, columns: AadhaarColumns, row: number): void {
  writer.twelveDigits(columns.aadhaar[row]);
  writer.byte(comma);
  writer.text(columns.name[row]);
  writer.byte(comma);
  writer.copy(names.gender[columns.gender[row]]);
  writer.date(columns.birthDate[row]);
  writer.byte(comma);
  writer.copy(names.language[columns.language[row]]);
  writer.number(columns.house[row]);
  writer.byte(32);
  writer.copy(names.locality[columns.locality[row]]);
  writer.copy(names.place[columns.district[row]]);
  writer.digits(columns.pin[row], 6);
  writer.byte(comma);
  writer.date(columns.enrolled[row]);
  writer.byte(comma);
  writeCentre(writer, columns.district[row], columns.centre[row]);
  writer.byte(comma);
  writeCentre(writer, columns.district[row], columns.centre[row]);
  writer.byte(minus);
  writer.number(columns.operator[row]);
  writer.byte(comma);
  writeIris(writer, columns.iris, row * irisBytes);
  writer.byte(newline);
}

function writeCentre(writer: RowWriter, district: number, centre: number): void {
  writer.byte(67);
  writer.digits(district + 1, 3);
  writer.byte(minus);
  writer.digits(centre, 3);
}

function writeIris(writer: RowWriter, codes: Uint8Array, from: number): void {
  for (let i = from; i < from + irisBytes; i++) {
    const digits = hexDigits[codes[i]];
    writer.bytes[writer.at++] = digits;
    writer.bytes[writer.at++] = digits >>> 8;
  }
}
