/** Columns of Aadhaar records as CSV bytes. */
import { districts } from "../india/districts";
import { languages } from "../india/names";
import { states } from "../india/states";
import { AsciiTexts, fields } from "../ascii-texts";
import { comma, newline, RowWriter, Separator, thenComma } from "../row-writer";
import { localities } from "./address";
import type { AadhaarColumns } from "./columns";
import { irisBytes } from "./iris";
import { genders } from "./population";

/** No row is longer: 512 of the iris code, 60 of a name and an address, and the fixed ones. */
const maxRowBytes = 800;
const minus = 45;
const thenSpace = new Separator(32);

const names = {
  gender: fields(genders),
  language: fields(languages),
  locality: fields(localities),
  place: new AsciiTexts(districts.map(({ name, state }) => `${name},${states[state].name},`)),
};
export function aadhaarToCsv(columns: AadhaarColumns): Uint8Array {
  const writer = RowWriter.borrow(columns.rows * maxRowBytes);
  for (let row = 0; row < columns.rows; row++) writeRow(writer, columns, row);
  return writer.giveBack();
}

function writeRow(writer: RowWriter, columns: AadhaarColumns, row: number): void {
  writer.twelveDigits(columns.aadhaar[row]);
  writer.byte(comma);
  writer.text(columns.name[row]);
  writer.byte(comma);
  writer.copy(names.gender, columns.gender[row]);
  writer.date(columns.birthDate[row]);
  writer.byte(comma);
  writer.copy(names.language, columns.language[row]);
  writer.numberAnd(thenSpace, columns.house[row]);
  writer.copy(names.locality, columns.locality[row]);
  writer.copy(names.place, columns.district[row]);
  writer.digits(columns.pin[row], 6);
  writer.byte(comma);
  writer.date(columns.enrolled[row]);
  writer.byte(comma);
  writeCentre(writer, columns.district[row], columns.centre[row]);
  writer.byte(comma);
  writeCentre(writer, columns.district[row], columns.centre[row]);
  writer.byte(minus);
  writer.numberAnd(thenComma, columns.operator[row]);
  writer.hex(columns.iris, row * irisBytes, irisBytes);
  writer.byte(newline);
}

function writeCentre(writer: RowWriter, district: number, centre: number): void {
  writer.byte(67);
  writer.digits(district + 1, 3);
  writer.byte(minus);
  writer.digits(centre, 3);
}
